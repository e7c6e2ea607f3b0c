//! Whoever reads amoCRM first renews a token that has ended.

use e2e::crm::MADE_UP;
use e2e::{Crm, aws, crm, poll, pulling};
use serde_json::{Value, json};

fn oauth() -> Value {
    let made_up = |what: &str| format!("{MADE_UP}{what}-0000000000000000");
    json!({
        "client_id": made_up("client"), "client_secret": made_up("client-secret"), "redirect_uri": "https://example.org/oauth",
        "access_token": made_up("access"), "refresh_token": made_up("refresh"),
    })
}

#[tokio::test]
async fn an_access_token_that_has_ended_is_renewed_by_the_poll_and_by_the_backfill() {
    let crm = Crm::of(&json!({"tokens": {"long_lived": [], "oauth": oauth()}})).await;
    crm::store_secret(&oauth()).await;
    let day = poll::begin(&crm, 1).await;
    pulling::kill("backfill").await;
    crm.expire_access_tokens().await;
    crm.forget_asked().await;
    poll::good().await;
    assert_eq!(crm.asked().await.count_at("token"), 1);
    let renewed = crm::secret().await;
    for name in ["access_token", "refresh_token"] {
        assert_ne!(renewed[name], oauth()[name], "{name}");
    }
    crm.expire_access_tokens().await;
    let report = aws::invoke("backfill", &json!({"from": day.to_string(), "to": day.to_string()})).await;
    assert_eq!(report.expect("a report")["done"], true);
    assert_eq!(crm.asked().await.count_at("token"), 2);
    // Neither remembers a token that the next test's account does not know.
    for function in [poll::FUNCTION, "backfill"] {
        pulling::kill(function).await;
    }
    crm.end().await;
}
