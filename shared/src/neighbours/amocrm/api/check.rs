//! What an answer about the account says of the token.

use super::client::Answer;
use super::credentials::Credentials;
use super::failure::{Class, Failure};
use crate::domain::diagnostics::Who;
use crate::domain::token_health::{Found, Worth};

const NEW_TOKEN: &str = "An admin of amoCRM makes a new token in the integration, and an admin stores it.";

const CONNECT: &str = "An admin of amoCRM looks up the integration's keys and connects it anew, and an admin stores all of them: \
                       a refresh token serves once.";

const UNPAID: &str = "The account's owner pays amoCRM; the token itself was not refused.";

const UNBLOCK: &str = "An admin of amoCRM looks whether the token has rights and our address is allowed; after too many requests \
                       its support has to unblock the account.";

const ADDRESS: &str = "Whoever runs the stack sets AMOCRM_BASE_URL to the account's own address.";

/// What came of asking for the account by these credentials.
pub fn found(answer: &Answer<u64>, credentials: &Credentials) -> Found {
    // One that can be renewed ends every day, and nobody has to do anything about it.
    let expires_at = credentials.expires_at().filter(|_| !credentials.can_be_renewed());
    let failure = match answer {
        Ok(_) => return Found::Good(Worth { expires_at, ..Worth::default() }),
        Err(failure) => failure,
    };
    let said = format!("amoCRM: {failure}");
    match failure.class {
        Class::Unauthorized => Found::bad(said, NEW_TOKEN).by(Who::CrmAdmin),
        Class::Unpaid => Found::hindered(expires_at, unpaid(&said), UNPAID).by(Who::AccountOwner),
        Class::Forbidden => Found::bad(said, UNBLOCK).by(Who::CrmAdmin),
        Class::Misconfigured => Found::bad(said, ADDRESS).by(Who::Deployer),
        Class::Again
        | Class::SlowDown
        | Class::TooMuch
        | Class::Missing
        | Class::Invalid
        | Class::Unclear => Found::down(said),
    }
}

/// What it says of what new tokens were asked for with, where it gave none.
pub fn not_renewed(failure: &Failure) -> Found {
    let said = format!("amoCRM: {failure}");
    match failure.class {
        Class::Unauthorized | Class::Invalid => Found::bad(said, CONNECT).by(Who::CrmAdmin),
        // Without new tokens nothing is known of what they were asked for with.
        Class::Unpaid => Found::unasked(unpaid(&said), UNPAID).by(Who::AccountOwner),
        Class::Forbidden => Found::bad(said, UNBLOCK).by(Who::CrmAdmin),
        Class::Misconfigured => Found::bad(said, ADDRESS).by(Who::Deployer),
        Class::Again | Class::SlowDown | Class::TooMuch | Class::Missing | Class::Unclear => {
            Found::down(said)
        }
    }
}

fn unpaid(said: &str) -> String {
    format!("{said}: the account is not paid for")
}

#[cfg(test)]
mod tests {
    use super::super::failure::Said;
    use super::*;

    fn of(json: &str) -> Credentials {
        Credentials::parse(json).unwrap()
    }

    // {"alg":"none"} . {"aud":"1","exp":1795150800}
    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJhdWQiOiIxIiwiZXhwIjoxNzk1MTUwODAwfQ.sig";

    fn refused(class: Class, status: u16) -> Found {
        let said = Said { status: Some(status), message: "no".to_owned(), ..Said::default() };
        found(&Err(Failure { class, said }), &of(r#"{"access_token":"t"}"#))
    }

    #[test]
    fn a_long_lived_token_ends_when_it_says_and_one_that_is_renewed_does_not() {
        let long_lived = of(&format!(r#"{{"access_token":"{JWT}"}}"#));
        let end = Some("2026-11-20T05:00:00Z".parse().unwrap());
        assert_eq!(found(&Ok(1), &long_lived), Found::Good(Worth { expires_at: end, ..Worth::default() }));
        let oauth = of(&format!(
            r#"{{"access_token":"{JWT}","refresh_token":"r","client_id":"c","client_secret":"s","redirect_uri":"u"}}"#
        ));
        assert_eq!(found(&Ok(1), &oauth), Found::Good(Worth::default()));
        let opaque = of(r#"{"access_token":"no-jwt"}"#);
        assert_eq!(found(&Ok(1), &opaque), Found::Good(Worth::default()));
    }

    #[test]
    fn an_unpaid_account_is_told_apart_from_a_dead_token() {
        let told = |found: Found| match found {
            Found::Bad(trouble) => trouble,
            other => panic!("{other:?}"),
        };
        let Found::Good(unpaid) = refused(Class::Unpaid, 402) else { panic!("the token was not refused") };
        let unpaid = unpaid.obstacle().unwrap();
        assert_eq!(unpaid.problem, "amoCRM: HTTP 402, no: the account is not paid for");
        let dead = told(refused(Class::Unauthorized, 401));
        assert_eq!((unpaid.who, dead.who), (Who::AccountOwner, Who::CrmAdmin));
        assert_eq!(told(refused(Class::Misconfigured, 404)).who, Who::Deployer);
        assert_eq!(dead.problem, "amoCRM: HTTP 401, no");
        assert_ne!(unpaid.what_to_do, dead.what_to_do);
        assert_ne!(told(refused(Class::Forbidden, 403)).what_to_do, dead.what_to_do);
        assert!(!refused(Class::Again, 502).is_answer() && !refused(Class::SlowDown, 429).is_answer());
    }

    #[test]
    fn a_long_lived_token_of_an_unpaid_account_ends_when_it_says() {
        let said = Said { status: Some(402), ..Said::default() };
        let credentials = of(&format!(r#"{{"access_token":"{JWT}"}}"#));
        let found = found(&Err(Failure { class: Class::Unpaid, said }), &credentials);
        assert!(matches!(found, Found::Good(Worth { expires_at: Some(_), .. })), "{found:?}");
    }

    #[test]
    fn what_new_tokens_are_asked_for_with_is_refused_or_not_known() {
        let of = |class| not_renewed(&Failure { class, said: Said::default() });
        for class in [Class::Invalid, Class::Unauthorized, Class::Forbidden, Class::Misconfigured] {
            assert!(matches!(of(class), Found::Bad(_)), "{class:?}");
        }
        for class in [Class::Unpaid, Class::Again, Class::SlowDown, Class::TooMuch, Class::Unclear] {
            assert!(!of(class).is_answer(), "{class:?}");
        }
    }
}
