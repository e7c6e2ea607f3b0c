use std::time::Duration;

use super::*;
use crate::neighbours::stand_in::{json, neighbour};

async fn checked(status: u16, body: &str) -> Found {
    let (base, asked) = neighbour(json(status, body));
    let mobizon = Mobizon::new(http::client(Duration::from_secs(5)).unwrap(), &format!("{base}/sms/"));
    let found = mobizon.check(&Credentials::parse(r#"{"api_key":"kz-1"}"#).unwrap()).await;
    let seen = asked.recv().unwrap();
    let target = "/sms/service/user/getownbalance?apiKey=kz-1&output=json&api=v1";
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", target));
    found
}

#[tokio::test]
async fn a_key_is_good_for_its_balance_and_a_low_one_is_noticed() {
    for (balance, tenge, notice) in [
        (r#""100000.00""#, 100_000, None),
        ("1000", 1_000, None),
        (r#""999.99""#, 999, Some("Mobizon: only 999 tenge are left")),
        (r#""0.40""#, 0, Some("Mobizon: the balance is used up")),
        (r#""-0.40""#, -1, Some("Mobizon: the balance is used up")),
    ] {
        let body = format!(r#"{{"code":0,"data":{{"balance":{balance},"currency":"KZT"}},"message":""}}"#);
        let Found::Good(worth) = checked(200, &body).await else { panic!("{balance}") };
        assert_eq!(worth.balance, Some(Tenge(tenge).money()));
        assert_eq!(worth.notice.map(|notice| notice.problem).as_deref(), notice, "{balance}");
    }
}

#[tokio::test]
async fn a_key_that_is_refused_is_bad_and_anything_else_is_no_answer() {
    let found = checked(200, r#"{"code":8,"data":[],"message":"Login failed"}"#).await;
    assert!(
        matches!(&found, Found::Bad(trouble) if trouble.problem == "Mobizon: code 8: Login failed"),
        "{found:?}"
    );
    let quoting = checked(200, r#"{"code":9,"data":[],"message":"kz-1 may not"}"#).await;
    assert!(matches!(&quoting, Found::Bad(trouble) if trouble.problem == "Mobizon: code 9"), "{quoting:?}");
    for (status, body) in
        [(200, r#"{"code":99}"#), (200, r#"{"code":0,"data":{}}"#), (503, "<html>"), (200, r#"{"data":[]}"#)]
    {
        assert!(!checked(status, body).await.is_answer(), "{body}");
    }
}
