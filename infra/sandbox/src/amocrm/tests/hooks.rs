//! Hooks as their receiver gets them.

use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;

/// A receiver that gives these answers in turn, and 204 after them.
pub async fn receiver(answers: &'static [u16]) -> (String, UnboundedReceiver<String>) {
    let (into, out) = unbounded_channel();
    let answers = Arc::new(std::sync::Mutex::new(answers.iter().copied()));
    let take = move |body: String| {
        into.send(body).unwrap();
        let status = answers.lock().unwrap().next().unwrap_or(204);
        async move { StatusCode::from_u16(status).unwrap() }
    };
    (serve(Router::new().route("/hook", post(take))).await, out)
}

/// The address of a receiver's hook.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { match crate::serve::route(listener, router).await {} });
    url
}

/// Sends hooks there, and has no limits.
pub async fn subscribe(account: &Account, hooks: Value) {
    account.put("settings", json!({"per_second": 1000, "hooks": hooks})).await;
}

/// A body as lines.
pub fn decoded(body: &str) -> String {
    let pairs = form_urlencoded::parse(body.as_bytes());
    pairs.map(|(name, value)| format!("{name}={value}\n")).collect()
}

/// The record, when nothing is on its way any more.
pub async fn settled(account: &Account) -> Value {
    for _ in 0..1_000_000 {
        let record = account.control("GET", "hooks", Value::Null).await.body;
        if record["on_their_way"] == 0 {
            return record["hooks"].clone();
        }
        tokio::task::yield_now().await;
    }
    panic!("hooks are still on their way");
}

#[tokio::test]
async fn a_move_is_told_in_the_layout_of_v2_with_the_account_first() {
    let account = Account::calm().await;
    let (url, mut told) = receiver(&[]).await;
    subscribe(&account, json!({"url": url, "settings": ["status_lead"]})).await;
    account.wait(7_000);
    let body = json!({"status_id": 142, "pipeline_id": PIPELINE, "tags_to_add": [{"id": 55_001, "name": "курс"}],
        "custom_fields_values": [{"field_code": "UTM_SOURCE", "values": [{"value": "a b&c"}]}]});
    assert_eq!(account.call("PATCH", "leads/30200003", body).await.status, 200);
    let body = told.recv().await.unwrap();
    assert!(body.starts_with("account%5Bsubdomain%5D=example&account%5Bid%5D=29600001&"), "{body}");
    assert!(body.contains("=a+b%26c&"), "{body}");
    let expected = "\
account[subdomain]=example
account[id]=29600001
account[_links][self]=https://example.amocrm.ru
leads[status][0][id]=30200003
leads[status][0][name]=Сделка #3
leads[status][0][status_id]=142
leads[status][0][old_status_id]=87654321
leads[status][0][price]=0
leads[status][0][responsible_user_id]=9750001
leads[status][0][last_modified]=1795176007
leads[status][0][modified_user_id]=9750001
leads[status][0][created_user_id]=9750001
leads[status][0][date_create]=1788000210
leads[status][0][pipeline_id]=10350882
leads[status][0][tags][0][id]=55001
leads[status][0][tags][0][name]=курс
leads[status][0][account_id]=29600001
leads[status][0][custom_fields][0][id]=810004
leads[status][0][custom_fields][0][name]=utm_source
leads[status][0][custom_fields][0][values][0][value]=a b&c
leads[status][0][custom_fields][0][code]=UTM_SOURCE
leads[status][0][created_at]=1788000210
leads[status][0][updated_at]=1795176007
";
    assert_eq!(decoded(&body), expected);
    let record = settled(&account).await;
    assert_eq!(record[0]["answers"], json!([204]));
    assert_eq!((&record[0]["hook"], &record[0]["lead_id"]), (&json!("status_lead"), &json!(30_200_003)));
}

#[tokio::test]
async fn each_kind_of_change_has_its_own_hook() {
    let account = Account::calm().await;
    let (url, mut told) = receiver(&[]).await;
    let kinds = json!(["add_lead", "update_lead", "status_lead", "delete_lead"]);
    subscribe(&account, json!({"url": url, "settings": kinds})).await;
    let hooks = account.get("webhooks").await.body["_embedded"]["webhooks"][0].clone();
    assert_eq!((&hooks["destination"], &hooks["disabled"]), (&json!(url), &json!(false)));
    account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await;
    account.call("PATCH", "leads/30200003", json!({"price": 5})).await;
    account.control("PATCH", "leads/30200003", json!({"status_id": 143})).await;
    account
        .call("POST", "leads/30200003/notes", json!([{"note_type": "common", "params": {"text": "x"}}]))
        .await;
    account.control("DELETE", "leads/30200003", Value::Null).await;
    let record = settled(&account).await;
    let kinds = record.as_array().unwrap().iter().map(|one| one["hook"].as_str().unwrap());
    let expected = ["add_lead", "update_lead", "update_lead", "status_lead", "delete_lead"];
    assert_eq!(kinds.collect::<Vec<_>>(), expected);
    let mut bodies = Vec::new();
    for _ in expected {
        bodies.push(decoded(&told.recv().await.unwrap()));
    }
    let deleted = bodies.iter().find(|body| body.contains("leads[delete]")).unwrap();
    assert!(
        deleted.ends_with("leads[delete][0][status_id]=143\nleads[delete][0][pipeline_id]=10350882\n"),
        "{deleted}"
    );
    assert!(bodies.iter().any(|body| body.contains("leads[update][0][old_status_id]=87654321\n")));
}

#[tokio::test]
async fn hooks_are_lost_doubled_and_sent_once_more_where_that_is_set() {
    let account = Account::calm().await;
    let (url, _told) = receiver(&[500, 502]).await;
    let change = async || account.call("PATCH", "leads/30200003", json!({"price": 5})).await.status;
    let set = async |more: Value| {
        let mut hooks = json!({"url": url, "settings": ["update_lead"]});
        hooks.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        subscribe(&account, hooks).await;
    };
    set(json!({"retry": true})).await;
    change().await;
    assert_eq!(settled(&account).await[0]["answers"], json!([500, 502]), "once more, and no more");
    account.control("DELETE", "hooks", Value::Null).await;
    set(json!({"lose": 2, "duplicate": 3})).await;
    for _ in 0..3 {
        change().await;
    }
    let record = settled(&account).await;
    let seen = record.as_array().unwrap().iter().map(|one| (one["lost"].clone(), one["answers"].clone()));
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [(json!(false), json!([204])), (json!(true), json!([])), (json!(false), json!([204, 204]))]
    );
    set(json!({"disabled": true})).await;
    change().await;
    assert_eq!(settled(&account).await.as_array().unwrap().len(), 3);
    let wrong =
        account.control("PUT", "settings", json!({"hooks": {"url": "nowhere", "settings": []}})).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn other_subscriptions_are_listed_and_never_served() {
    let account = Account::calm().await;
    let (url, _told) = receiver(&[]).await;
    let others = json!([
        {"destination": "https://old.example.org/hook", "settings": ["add_lead", "add_contact"], "disabled": true},
        {"destination": "https://chat.example.org"},
    ]);
    let settings =
        json!({"per_second": 1000, "webhooks": others, "hooks": {"url": url, "settings": ["update_lead"]}});
    account.put("settings", settings).await;
    let told = account.get("webhooks").await;
    assert_eq!((told.ids("webhooks"), &told.body["_total_items"]), (vec![1, 2, 3], &json!(3)));
    let hooks = &told.body["_embedded"]["webhooks"];
    let place = |n: usize| (hooks[n]["destination"].clone(), hooks[n]["disabled"].clone());
    assert_eq!(place(0), (json!(url), json!(false)));
    assert_eq!(place(1), (json!("https://old.example.org/hook"), json!(true)));
    assert_eq!(hooks[1]["settings"], json!(["add_lead", "add_contact"]));
    let one = account.get("webhooks?filter[destination]=https://chat.example.org").await;
    assert_eq!((one.ids("webhooks"), &one.body["_total_items"]), (vec![3], &json!(1)));
    assert_eq!(account.get("webhooks?filter[destination]=https://nobody.example.org").await.status, 204);
    account.call("PATCH", "leads/30200003", json!({"price": 5})).await;
    assert_eq!(settled(&account).await.as_array().unwrap().len(), 1);
    account.put("settings", json!({"per_second": 1000, "webhooks": others})).await;
    assert_eq!(account.get("webhooks").await.ids("webhooks"), [1, 2], "also where none is served");
}
