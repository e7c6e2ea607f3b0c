//! Tokens and limits.

use super::*;

#[tokio::test]
async fn only_the_worlds_tokens_open() {
    let account = Account::calm().await;
    for token in [None, Some("wrong")] {
        let got = account.call_as("GET", "account", Value::Null, token).await;
        assert_eq!((got.status, got.kind()), (401, "application/problem+json"));
        assert_eq!((&got.body["status"], &got.body["title"]), (&json!(401), &json!("Unauthorized")));
    }
    assert_eq!(account.get("account").await.status, 200);
    let record = account.record().await;
    assert_eq!(record["tokens"], json!({"long_lived": 1, "none": 1, "wrong": 1}));
    assert!(!record.to_string().contains(TOKEN));
}

#[tokio::test]
async fn a_refresh_token_serves_once() {
    let account = Account::calm().await;
    let app = json!({"client_id": "c", "client_secret": "s", "redirect_uri": "r"});
    let mut oauth = app.clone();
    oauth["access_token"] = json!("first");
    oauth["refresh_token"] = json!("again");
    account.put("world", json!({"tokens": {"oauth": oauth}})).await;
    let opens = async |token: &str| account.call_as("GET", "account", Value::Null, Some(token)).await.status;
    let refresh = async |token: &str| {
        let mut body = app.clone();
        body["grant_type"] = json!("refresh_token");
        body["refresh_token"] = json!(token);
        let request = Request::builder().method("POST").uri("/amocrm/oauth2/access_token");
        account.send(request, body).await
    };
    assert_eq!((opens("first").await, opens(TOKEN).await), (200, 401));
    assert_eq!(account.control("POST", "expire_access_token", Value::Null).await.status, 204);
    assert_eq!(opens("first").await, 401);
    let pair = refresh("again").await;
    assert_eq!((&pair.body["token_type"], &pair.body["expires_in"]), (&json!("Bearer"), &json!(86_400)));
    let (access, next) =
        (pair.body["access_token"].as_str().unwrap(), pair.body["refresh_token"].as_str().unwrap());
    assert_eq!(opens(access).await, 200);
    let spent = refresh("again").await;
    assert_eq!((spent.status, &spent.body["hint"]), (401, &json!("Token has been revoked")));
    assert!(spent.body["type"].as_str().unwrap().ends_with("OAuthProblemJson"));
    account.faults(json!([{"kind": "lost_answer", "edge": "token"}])).await;
    refresh(next).await;
    account.control("DELETE", "faults", Value::Null).await;
    assert_eq!(refresh(next).await.status, 401, "a pair that got lost on its way is lost");
    let record = account.record().await.to_string();
    assert!(record.contains("\"oauth_2\"") && !record.contains(access) && !record.contains(next));
}

#[tokio::test]
async fn the_eighth_in_any_second_is_one_too_many() {
    let account = Account::new();
    for _ in 0..7 {
        assert_eq!(account.get("account").await.status, 200);
        account.wait(100);
    }
    account.wait(299);
    let refused = account.get("account").await;
    assert_eq!((refused.status, refused.kind()), (429, "text/html"));
    assert_eq!(account.record().await["peak_per_second"], 8);
    // Exactly a second after the first of them, which is out by then; so are the next ones in their turn.
    account.wait(101);
    assert_eq!(account.get("account").await.status, 200);
    account.control("DELETE", "requests", Value::Null).await;
    account.get("account").await;
    assert_eq!(account.record().await["peak_per_second"], 1);
}

#[tokio::test]
async fn the_peak_is_of_all_requests_and_not_only_of_those_kept() {
    let account = Account::calm().await;
    for _ in 0..9 {
        account.get("account").await;
    }
    for _ in 0..5_000 {
        account.wait(1_000);
        account.get("account").await;
    }
    let record = account.record().await;
    assert_eq!(record["requests"].as_array().unwrap().len(), 5_000);
    assert_eq!(record["peak_per_second"], 9);
    assert_eq!(record["totals"], json!([{"edge": "account", "status": 200, "count": 5_009}]));
}

#[tokio::test]
async fn who_does_not_listen_is_blocked_until_somebody_lifts_it() {
    let account = Account::new();
    account.put("settings", json!({"per_second": 2, "block_after": 3})).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(account.get("account").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 429, 429, 403]);
    account.wait(3_600_000);
    let blocked = account.get("account").await;
    assert_eq!((blocked.status, blocked.kind()), (403, "text/html"));
    account.control("DELETE", "block", Value::Null).await;
    assert_eq!(account.get("account").await.status, 200);

    account.put("settings", json!({"account_per_second": 1})).await;
    account.wait(1_000);
    account.call_as("GET", "account", Value::Null, Some("another integration's")).await;
    assert_eq!(account.get("account").await.status, 429, "the account's limit is everybody's");
}
