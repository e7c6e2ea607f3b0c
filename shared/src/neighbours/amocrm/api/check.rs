//! What an answer about the account says of the token.

use super::client::Answer;
use super::credentials::Credentials;
use super::failure::Class;
use crate::domain::token_health::{Found, Worth};

/// What came of asking for the account by these credentials.
pub fn found(answer: &Answer<u64>, credentials: &Credentials) -> Found {
    let failure = match answer {
        Ok(_) => {
            // One that can be renewed ends every day, and nobody has to do anything about it.
            let expires_at = credentials.expires_at().filter(|_| !credentials.can_be_renewed());
            return Found::Good(Worth { expires_at, ..Worth::default() });
        }
        Err(failure) => failure,
    };
    let said = format!("amoCRM: {failure}");
    match failure.class {
        Class::Unauthorized => Found::bad(
            said,
            "An admin of amoCRM makes a new token in the integration, and an admin stores it.",
        ),
        Class::Unpaid => Found::bad(
            format!("{said}: the account is not paid for"),
            "The account's owner pays amoCRM; the token itself was not refused.",
        ),
        Class::Forbidden => Found::bad(
            said,
            "An admin of amoCRM looks whether the token has rights and our address is allowed; after too many requests its \
             support has to unblock the account.",
        ),
        Class::Misconfigured => {
            Found::bad(said, "Whoever runs the stack sets AMOCRM_BASE_URL to the account's own address.")
        }
        Class::Again
        | Class::SlowDown
        | Class::TooMuch
        | Class::Missing
        | Class::Invalid
        | Class::Unclear => Found::down(said),
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::{Failure, Said};
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
        let unpaid = told(refused(Class::Unpaid, 402));
        assert_eq!(unpaid.problem, "amoCRM: HTTP 402, no: the account is not paid for");
        let dead = told(refused(Class::Unauthorized, 401));
        assert_eq!(dead.problem, "amoCRM: HTTP 401, no");
        assert_ne!(unpaid.what_to_do, dead.what_to_do);
        assert_ne!(told(refused(Class::Forbidden, 403)).what_to_do, dead.what_to_do);
        assert!(!refused(Class::Again, 502).is_answer() && !refused(Class::SlowDown, 429).is_answer());
    }
}
