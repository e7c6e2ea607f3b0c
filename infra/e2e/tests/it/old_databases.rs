//! The old system's databases: a form is one lead, whichever system received it first, and a sale of the past is one sale.

use chrono::SecondsFormat;
use e2e::days::{self, Day};
use e2e::landing::Form;
use e2e::sandbox::control;
use e2e::{Caller, Deal, Guest, Hook, Route, Stack, aws, clock, events, leads, rebuild, wait};
use serde_json::{Value, json};

/// The account that hooks of this stack are known to come from.
const ACCOUNT: u64 = 29_600_001;

const LANDING: Old = Old {
    function: "landing-database",
    database: "landing",
    table: "landing_leads",
    source: "expresscourse",
    of_arystan: "arystan",
};
const PROFTEST: Old = Old {
    function: "proftest-database",
    database: "landing",
    table: "landing_leads",
    source: "proftest",
    of_arystan: "proftest_arystan",
};
const TRIPWIRE: Old = Old {
    function: "tripwire-database",
    database: "tripwire",
    table: "unified_lead_tracking",
    source: "proftest",
    of_arystan: "proftest_arystan",
};

/// A table of forms, and who reads it.
struct Old {
    function: &'static str,
    database: &'static str,
    table: &'static str,
    source: &'static str,
    of_arystan: &'static str,
}

impl Old {
    /// The same form as the landing pages of today send it.
    fn form(&self, guest: &Guest) -> Form {
        if self.source == "proftest" { Form::proftest(guest) } else { Form::order(guest, "kaspi") }
    }

    /// A row that was written just now.
    fn row(&self, guest: &Guest, more: &Value) -> Value {
        let mut row = json!({
            "id": id_of(guest), "full_name": guest.name, "name": guest.name, "email": guest.email,
            "phone": guest.spellings()[2], "source": self.source, "created_at": just_now(),
        });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    }

    async fn receives(&self, rows: &[Value]) {
        put(self.database, self.table, rows).await;
    }

    /// Has it read to its end. The schedule may be at it, too.
    async fn read(&self, event: &Value) -> Value {
        wait::until(&format!("{} to be read", self.function), async || {
            let report = aws::invoke(self.function, event).await.expect("a report");
            let is_done = |table: &Value| table["ended"] == "done";
            report.as_object().expect("tables").values().all(is_done).then_some(report)
        })
        .await
    }
}

async fn put(database: &str, table: &str, rows: &[Value]) {
    let path = format!("/control/supabase/{database}/tables/{table}");
    control("POST", &path, Some(&json!({ "rows": rows }))).await;
}

/// As Postgres tells it, which knows nothing finer than microseconds.
fn just_now() -> String {
    clock::now().to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn id_of(guest: &Guest) -> String {
    format!("00000000-0000-4000-8000-{:0>12}", guest.last_ten())
}

/// Three people: of one only the old system knows, of one both do, of one both will.
async fn assert_a_form_is_one_lead(old: &Old) {
    let stack = Stack::open().await;
    let (alone, ours_first, theirs_first) = (Guest::new(), Guest::new(), Guest::new());
    let ours = old.form(&ours_first).taken(&stack).await;
    let of_an_ad = json!({"utm_content": "120210000000000001"});
    let rows =
        [old.row(&alone, &of_an_ad), old.row(&ours_first, &json!({})), old.row(&theirs_first, &json!({}))];
    old.receives(&rows).await;
    old.read(&json!({})).await;

    let [imported] = &leads::of_phone(&alone).await[..] else { panic!("not one lead") };
    assert_eq!(leads::lead(imported).await["status"], "imported");
    assert_eq!(leads::messages_of(imported).await, Vec::<Value>::new(), "nobody is written to");
    assert_eq!(leads::of_phone(&ours_first).await, [ours.as_str()]);
    let also = leads::lead(&ours).await["also"].clone();
    assert!(also[0].as_str().is_some_and(|mark| mark.ends_with(&id_of(&ours_first))), "{also}");
    assert_eq!(leads::of_phone(&theirs_first).await.len(), 1);

    let later = old.form(&theirs_first).taken(&stack).await;
    old.read(&json!({})).await;
    assert_eq!(leads::of_phone(&theirs_first).await, [later.as_str()]);
    old.read(&json!({"anew": true})).await;
    for (guest, lead) in [(&alone, imported), (&ours_first, &ours), (&theirs_first, &later)] {
        assert_eq!(
            leads::of_phone(guest).await,
            [lead.as_str()],
            "read from the first row on, it is the same"
        );
    }
}

/// A row that names its deal is behind that deal's sale.
async fn assert_the_sale_follows(old: &Old) {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal { account: ACCOUNT, ..Deal::new() };
    assert_eq!(stack.hook(&Hook::added(Route::Funnel, deal, day.noon())).await.outcome(), "recorded");
    // Other rules than today's had made it another product's.
    events::file_as_other(deal, "express").await;
    let named = json!({"source": old.of_arystan, "amocrm_lead_id": deal.lead.to_string()});
    old.receives(&[old.row(&Guest::new(), &named)]).await;
    old.read(&json!({})).await;
    let sale = stack.sale(&deal.sale("express")).await.ok()["sale"].clone();
    assert_eq!((&sale["team"], &sale["trail"]["source"]), (&json!("arystan"), &json!("landing_lead")));
    rebuild::report(day, day, true).await;
    rebuild::assert_no_difference(day, day).await;
}

#[tokio::test]
async fn an_order_that_both_systems_received_is_one_lead() {
    assert_a_form_is_one_lead(&LANDING).await;
}

#[tokio::test]
async fn a_career_test_that_both_systems_received_is_one_lead() {
    assert_a_form_is_one_lead(&PROFTEST).await;
}

#[tokio::test]
async fn a_copy_in_the_tripwire_database_is_no_lead_of_its_own() {
    assert_a_form_is_one_lead(&TRIPWIRE).await;
    let guest = Guest::new();
    PROFTEST.receives(&[PROFTEST.row(&guest, &json!({}))]).await;
    let copy = json!({"id": id_of(&Guest::new()), "source_lead_id": id_of(&guest)});
    TRIPWIRE.receives(&[TRIPWIRE.row(&guest, &copy)]).await;
    TRIPWIRE.read(&json!({})).await;
    PROFTEST.read(&json!({})).await;
    assert_eq!(leads::of_phone(&guest).await.len(), 1);
}

#[tokio::test]
async fn the_sale_of_an_order_and_of_a_career_test_is_the_teams_that_brought_it() {
    assert_the_sale_follows(&LANDING).await;
    assert_the_sale_follows(&PROFTEST).await;
}

fn sold(deal: Deal, day: Day, amount: &str) -> Value {
    json!({
        "id": id_of(&Guest::new()), "deal_id": deal.lead, "pipeline_id": 10_350_882, "status_id": 142,
        "amount": amount, "currency": "KZT", "utm_source": "kenesary", "sale_date": days::time(day.noon()),
        "created_at": just_now(),
    })
}

#[tokio::test]
async fn a_sale_of_the_past_is_one_sale_and_is_heard_only_where_nobody_else_speaks() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let [express, flagship, told] = [(); 3].map(|()| Deal { account: ACCOUNT, ..Deal::new() });
    assert_eq!(
        stack.hook(&Hook::won(Route::Funnel, told, day.noon() + 60).price(4_500)).await.outcome(),
        "recorded"
    );
    put("landing", "express_course_sales", &[sold(express, day, "5000.00"), sold(told, day, "5000.00")])
        .await;
    put("landing", "main_product_sales", &[sold(flagship, day, "490000.00")]).await;
    for event in [json!({}), json!({"anew": true})] {
        LANDING.read(&event).await;
        for (deal, product, amount) in
            [(express, "express", 5_000), (flagship, "flagship", 490_000), (told, "express", 4_500)]
        {
            let sale = stack.sale(&deal.sale(product)).await.ok()["sale"].clone();
            assert_eq!((&sale["state"], &sale["amount"]["amount"]), (&json!("active"), &json!(amount)));
            assert_eq!(sale["day"], day.to_string());
        }
        let path = format!("/api/traffic-dashboard/sales/total?from={day}&to={day}");
        assert_eq!(stack.get(&Caller::Admin, &path).await.ok()["count"], 3);
    }
    rebuild::assert_no_difference(day, day).await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_said_in_the_old_words_and_stops_no_other_database() {
    let stack = Stack::open().await;
    let faults = "/control/supabase/landing/faults";
    let bad_key = json!({"faults": [{"kind": "bad_key", "table": "landing_leads"}]});
    control("PUT", faults, Some(&bad_key)).await;
    let report = wait::until("the landing database to be refused", async || {
        let report = aws::invoke(LANDING.function, &json!({})).await.expect("a report");
        (report["landing"]["ended"] == "problem").then_some(report)
    })
    .await;
    assert_eq!(report["landing"]["problem"]["message"], "Invalid API key", "{report}");
    assert_eq!(report["express_sales"]["ended"], "done", "{report}");
    let answer = stack.post_json(&Caller::Admin, "/api/admin/diagnostics", &json!({})).await.ok();
    let checks = answer["data"]["diagnostics"].as_array().expect("checks").iter();
    let landing = checks.into_iter().find(|check| check["name"] == "Landing BD Sync").expect("its check");
    assert_eq!(
        (&landing["status"], &landing["message"]),
        (&json!("error"), &json!("Database error: Invalid API key"))
    );
    control("DELETE", faults, None).await;
    let report = LANDING.read(&json!({})).await;
    assert_eq!(report["landing"]["problem"], Value::Null, "{report}");
    TRIPWIRE.read(&json!({})).await;
}
