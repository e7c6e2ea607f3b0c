//! Tokens of amoCRM: renewed once however many notice, and a person is told when that cannot be done.

use e2e::crm::MADE_UP;
use e2e::{Crm, Form, Guest, aws, crm, leads, outbox};
use serde_json::{Value, json};

fn oauth() -> Value {
    let made_up = |what: &str| format!("{MADE_UP}{what}-0000000000000000");
    json!({
        "client_id": made_up("client"), "client_secret": made_up("client-secret"), "redirect_uri": "https://example.org/oauth",
        "access_token": made_up("access"), "refresh_token": made_up("refresh"),
    })
}

async fn begin() -> Crm {
    let crm = Crm::of(&json!({"tokens": {"long_lived": [], "oauth": oauth()}})).await;
    crm::store_secret(&oauth()).await;
    crm.forget_known().await;
    crm
}

#[tokio::test]
async fn an_access_token_that_has_ended_is_renewed_once_however_many_notice() {
    let crm = begin().await;
    let first = Form::proftest(&Guest::new()).taken(&crm.stack).await;
    crm.until_written(&first).await;
    crm.expire_access_tokens().await;
    crm.forget_asked().await;
    let guests: Vec<Guest> = (0..4).map(|_| Guest::new()).collect();
    let mut ids = vec![];
    for guest in &guests {
        ids.push(Form::proftest(guest).taken(&crm.stack).await);
    }
    crm.until_all_written(&ids).await;
    for guest in &guests {
        crm.deal_of(guest).await;
    }
    assert_eq!(crm.asked().await.count_at("token"), 1);
    let (old, new) = (oauth(), crm::secret().await);
    for name in ["access_token", "refresh_token"] {
        assert_ne!(new[name], old[name], "{name}");
    }
    for name in ["client_id", "client_secret", "redirect_uri"] {
        assert_eq!(new[name], old[name], "{name}");
    }
    // And once more, by the new ones.
    crm.expire_access_tokens().await;
    let id = Form::proftest(&Guest::new()).taken(&crm.stack).await;
    crm.until_written(&id).await;
    assert_eq!(crm.asked().await.count_at("token"), 2);
    // Whoever comes first renews it, be it the check of the pipeline.
    crm.expire_access_tokens().await;
    let report = aws::invoke("pipeline-check", &json!({})).await.expect("a report");
    assert!(report["ok"].is_boolean(), "{report}");
    assert_eq!(crm.asked().await.count_at("token"), 3);
    crm.end().await;
}

#[tokio::test]
async fn without_a_good_token_leads_wait_and_a_new_secret_lets_them_go() {
    // A long-lived one that was taken back, and one of OAuth whose refresh token was used up.
    let taken_back = json!({"access_token": format!("{MADE_UP}taken-back")});
    let mut used_up = oauth();
    for name in ["access_token", "refresh_token"] {
        used_up[name] = format!("{MADE_UP}used-up").into();
    }
    for secret in [taken_back, used_up] {
        let crm = begin().await;
        crm::store_secret(&secret).await;
        crm.forget_known().await;
        let guests = [Guest::new(), Guest::new()];
        let first = Form::proftest(&guests[0]).taken(&crm.stack).await;
        crm.until_breaker("open").await;
        let second = Form::order(&guests[1], "kaspi").taken(&crm.stack).await;
        let problem = crm.problem().await;
        assert!(problem.contains("token"), "{problem}");
        assert!(!problem.contains(MADE_UP), "a secret in {problem}");
        assert_eq!(leads::lead(&first).await["status"], "waiting");
        crm::store_secret(&oauth()).await;
        crm.forget_known().await;
        crm::end_cool_down().await;
        outbox::sweep().await;
        crm.until_breaker("closed").await;
        crm.until_all_written(&[first, second]).await;
        for guest in &guests {
            crm.deal_of(guest).await;
        }
        crm.end().await;
    }
}
