//! Whether the token is good for what we do with it, and until when.

use super::failure::{Class, Failure};
use super::graph::{Answer, Good, Graph};
use super::token::TokenFacts;
use crate::domain::diagnostics::Who;
use crate::domain::token_health::{Found, Trouble, Worth};

/// Without one of these nothing that was spent can be read.
const NEEDED: [&str; 2] = ["ads_read", "ads_management"];

/// Without this the accounts of businesses are not found.
const WANTED: &str = "business_management";

const CONNECT: &str = "An admin of the business makes a new token with ads_read and business_management, and an admin stores it.";

impl Graph {
    /// Asks what Facebook knows of the token, once.
    pub async fn check(&self) -> Found {
        found(self.debug_token().await)
    }
}

fn found(answer: Answer<TokenFacts>) -> Found {
    let found = match answer {
        Ok(Good { value, .. }) => judged(&value),
        Err(failure) if failure.class == Class::VersionGone => return refused(&failure).by(Who::Deployer),
        Err(failure) => refused(&failure),
    };
    found.by(Who::FacebookAdmin)
}

fn judged(facts: &TokenFacts) -> Found {
    if !facts.is_valid {
        let said = facts.problem.as_deref().unwrap_or("it gives no reason");
        return Found::bad(format!("Facebook: the token is not valid: {said}"), CONNECT);
    }
    let has = |scope: &str| facts.scopes.iter().any(|held| held == scope);
    if !NEEDED.into_iter().any(has) {
        return Found::bad("Facebook: the token lacks the scope ads_read", CONNECT);
    }
    let lacks =
        "Facebook: the token lacks the scope business_management: accounts of businesses are not found";
    let notice = (!has(WANTED)).then(|| Trouble::new(lacks, CONNECT));
    Found::Good(Worth { expires_at: facts.expires_at, notice, ..Worth::default() })
}

fn refused(failure: &Failure) -> Found {
    let said = format!("Facebook: {}", failure.said);
    match failure.class {
        Class::TokenDead => Found::bad(said, CONNECT),
        Class::PermissionMissing => Found::bad(
            said,
            "An admin of the app stores its app_id and app_secret, so that the app can be asked.",
        ),
        // The app asks about the token, so it is the app's id or secret that is refused.
        Class::Misconfigured => Found::hindered(
            None,
            said,
            "An admin of the app looks up app_id and app_secret, and an admin stores them; the token itself was not refused.",
        ),
        Class::Blocked => {
            Found::bad(said, "Whoever owns the token signs in to Facebook and confirms what it asks for.")
        }
        Class::VersionGone => {
            Found::unasked(said, "A developer updates to the present version of the Graph API.")
        }
        Class::Again | Class::Shrink | Class::ReportAgain | Class::Throttled(_) | Class::Unreadable => {
            Found::down(said)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::failure::ThrottleScope;
    use super::super::said::Said;
    use super::super::usage::Usage;
    use super::*;

    fn facts(is_valid: bool, scopes: &[&str]) -> TokenFacts {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let problem = (!is_valid).then(|| "code 190/463: Session has expired".to_owned());
        let expires_at = Some("2026-12-01T00:00:00Z".parse().unwrap());
        TokenFacts { is_valid, expires_at, scopes, problem }
    }

    fn problem(found: &Found) -> Option<&str> {
        match found {
            Found::Good(worth) => worth.notice.as_ref().map(|notice| notice.problem.as_str()),
            Found::Bad(trouble) | Found::Unasked(trouble) => Some(&trouble.problem),
        }
    }

    #[test]
    fn a_token_with_its_scopes_is_good_until_its_end() {
        let facts = facts(true, &["ads_read", "business_management"]);
        let worth = Worth { expires_at: facts.expires_at, ..Worth::default() };
        assert_eq!(judged(&facts), Found::Good(worth));
    }

    #[test]
    fn missing_scopes_are_named() {
        let found = judged(&facts(true, &["public_profile", "business_management"]));
        assert!(matches!(found, Found::Bad(_)) && problem(&found).unwrap().contains("ads_read"), "{found:?}");
        let found = judged(&facts(true, &["ads_management"]));
        assert!(matches!(found, Found::Good(_)), "{found:?}");
        assert!(problem(&found).unwrap().contains("business_management"));
    }

    #[test]
    fn a_dead_token_says_why() {
        let found = judged(&facts(false, &[]));
        let said = "Facebook: the token is not valid: code 190/463: Session has expired";
        assert_eq!((matches!(found, Found::Bad(_)), problem(&found)), (true, Some(said)));
    }

    #[test]
    fn a_refusal_is_about_the_token_only_where_a_person_has_to_do_something() {
        let failure = |class| {
            let said = Said { message: "m".to_owned(), ..Said::default() };
            refused(&Failure { class, usage: Usage::default(), timed_out: false, said })
        };
        for class in [Class::TokenDead, Class::PermissionMissing, Class::Blocked] {
            assert!(matches!(failure(class), Found::Bad(_)), "{class:?}");
        }
        let of_app = failure(Class::Misconfigured);
        assert!(matches!(&of_app, Found::Good(worth) if worth.obstacle().is_some()), "{of_app:?}");
        for class in
            [Class::Again, Class::Throttled(ThrottleScope::App), Class::Unreadable, Class::VersionGone]
        {
            assert!(!failure(class).is_answer(), "{class:?}");
        }
    }
}
