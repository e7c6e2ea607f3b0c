use super::super::stand_in::{refusal, stand_in};
use super::*;

const EMPTY: &str = r#"{"data":[]}"#;

fn account(id: &str) -> AdAccountId {
    AdAccountId::parse(id).unwrap()
}

/// Neither looks at the token itself, which would store what it finds as well: a pull after a new token was stored, and
/// a refresh whose look at the token fails.
#[tokio::test]
async fn a_good_answer_ends_what_was_wrong_with_the_token() {
    for is_of_the_last_token in [true, false] {
        let there = stand_in(|_, _| (200, EMPTY.to_owned()));
        let fingerprint =
            if is_of_the_last_token { "the last one's".to_owned() } else { there.fingerprint.clone() };
        let problem = Some("it has expired".to_owned());
        let checked_at = DateTime::UNIX_EPOCH;
        there.gate.token(&TokenState { fingerprint, problem, expires_at: None, checked_at }).await.unwrap();
        let facebook = if is_of_the_last_token { there.facebook } else { there.facebook.probing() };
        facebook.call(About::APP, async |graph| graph.businesses(None).await).await.unwrap();
        let token = there.gate.standing(None).await.unwrap().app.token.unwrap();
        assert_eq!((token.fingerprint, token.problem), (there.fingerprint, None));
        assert!(token.checked_at > checked_at);
    }
}

#[tokio::test]
async fn a_probe_that_is_refused_lets_the_next_call_probe_at_once() {
    let mut answers = [(400, refusal(17, 2_446_079)), (200, EMPTY.to_owned())].into_iter();
    let there = stand_in(move |_, _| answers.next().unwrap());
    let long_ago: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let Decision::Go(pass) = there.breakers.ask(BREAKER, long_ago, "t").await.unwrap() else {
        panic!("a breaker that never failed is closed")
    };
    for _ in 0..BreakerRules::default().failures {
        there.breakers.failed(BREAKER, long_ago, &pass, None).await.unwrap();
    }
    let state = async || there.gate.standing(None).await.unwrap().breaker.state();
    assert_eq!(state().await, BreakerState::Open);

    let (blocked, other) = (account("91"), account("92"));
    let ask = async |graph: &Graph| graph.businesses(None).await;
    let refused = there.facebook.call(About::account(&blocked), ask).await.unwrap_err();
    assert!(matches!(refused, Stop::Wait(Pause { reason: WaitReason::AccountLimit, .. })), "{refused:?}");
    assert_eq!(state().await, BreakerState::Open, "an account's block says nothing about Facebook's health");
    there.facebook.call(About::account(&other), ask).await.unwrap();
    assert_eq!(state().await, BreakerState::Closed);
}
