//! Hooks that a warm function takes in just after somebody has saved other rules.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::domain::deal::Deal;
use crate::domain::rules::{Products, RulesVersion, Teams};
use crate::domain::team::TeamId;
use crate::domain::utm::UtmName;
use crate::outbox::stand_in::{Call, World, world};
use crate::store::ads::Ads;
use crate::store::ledger::LedgerTables;
use crate::store::rules::RuleBooks;

/// An ad, and the account of Arystan that it is in.
const AD: &str = "120210000000000123";
const ARYSTAN: &str = "objects#666059476005255";

/// The rules in force, and the deals that were written by them.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<(Rules, Vec<Deal>)>>);

impl Store {
    fn save(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.0.lock().unwrap().0);
    }

    /// The deals by their leads, each with its teams.
    fn teams(&self) -> BTreeMap<u64, Vec<Option<String>>> {
        let teams =
            |deal: &Deal| deal.sales.iter().map(|sale| sale.team.as_ref().map(TeamId::to_string)).collect();
        self.0.lock().unwrap().1.iter().map(|deal| (deal.lead, teams(deal))).collect()
    }

    fn answer(&self, call: &Call) -> Option<Value> {
        let (rules, deals) = &mut *self.0.lock().unwrap();
        match call.name.strip_prefix("DynamoDB_20120810.")? {
            "BatchGetItem" => {
                let section = |name: &str, version: u64, value: Value| {
                    let document = json!({"version": version, "value": value}).to_string();
                    let item = json!({"pk": {"S": format!("settings#{name}")}, "document": {"S": document}});
                    (version > 0).then_some(item)
                };
                let sections = [
                    section(Teams::SECTION, rules.version.teams, json!(rules.teams)),
                    section(Products::SECTION, rules.version.products, json!(rules.products)),
                ];
                let items: Vec<Value> = sections.into_iter().flatten().collect();
                Some(json!({"Responses": {"settings": items}}))
            }
            "Query" => {
                let is_known = call.body["ExpressionAttributeValues"][":id"]["S"] == AD;
                let items = if is_known { json!([{"pk": {"S": ARYSTAN}}]) } else { json!([]) };
                Some(json!({"Items": items}))
            }
            "TransactWriteItems" => {
                let writes = call.body["TransactItems"].as_array()?;
                // A hook that is kept on its own depends on no rules.
                let check = &writes.last()?.get("ConditionCheck")?["ExpressionAttributeValues"];
                let number = |name: &str| check[name]["N"].as_str().map_or(0, |text| text.parse().unwrap());
                let by = RulesVersion { teams: number(":teams"), products: number(":products") };
                if by != rules.version {
                    return Some(cancelled(writes.len()));
                }
                let puts = writes.iter().map(|write| &write["Put"]["Item"]);
                let written = puts.filter(|item| item["sk"]["S"] == "deal");
                deals.extend(written.map(|item| {
                    serde_json::from_str::<Deal>(item["document"]["S"].as_str().unwrap()).unwrap()
                }));
                None
            }
            _ => None,
        }
    }
}

/// The last of so many conditions has failed.
fn cancelled(writes: usize) -> Value {
    let reason = |place| json!({"Code": if place + 1 == writes { "ConditionalCheckFailed" } else { "None" }});
    let reasons: Vec<Value> = (0..writes).map(reason).collect();
    json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled",
        "CancellationReasons": reasons,
    })
}

fn intake(world: &World) -> Intake {
    let dynamodb = aws_sdk_dynamodb::Client::new(&world.sdk);
    let table = |name: &str| name.to_owned();
    let tables = LedgerTables {
        events: table("events"),
        sales: table("sales"),
        counters: table("counters"),
        notifications: table("notifications"),
    };
    let rules = RuleBooks::new(dynamodb.clone(), table("settings"));
    let ledger = Ledger::new(dynamodb.clone(), tables, Ads::new(dynamodb, table("ads")), rules);
    let messages = Queue::new(aws_sdk_sqs::Client::new(&world.sdk), format!("{}/q/messages", world.base));
    Intake::new(ledger, KnownAccounts::parse("29600001:example").unwrap(), messages)
}

/// A body that says of each of these leads that it was sold, with these fields.
fn body(leads: &[u64], fields: &[(u64, &str, &str)]) -> String {
    let mut pairs = vec![("account[id]".to_owned(), "29600001".to_owned())];
    for (place, lead) in leads.iter().enumerate() {
        let of_lead = |name: &str| format!("leads[status][{place}]{name}");
        let texts = [
            ("[id]", lead.to_string()),
            ("[status_id]", "142".to_owned()),
            ("[pipeline_id]", "10350882".to_owned()),
            ("[price]", "5000".to_owned()),
            ("[last_modified]", "1763600000".to_owned()),
        ];
        pairs.extend(texts.into_iter().map(|(name, text)| (of_lead(name), text)));
        for (index, (id, code, value)) in fields.iter().enumerate() {
            let of_field = |name: &str| of_lead(&format!("[custom_fields][{index}]{name}"));
            pairs.push((of_field("[id]"), id.to_string()));
            pairs.push((of_field("[code]"), (*code).to_owned()));
            pairs.push((of_field("[values][0][value]"), (*value).to_owned()));
        }
    }
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Takes a body in by a function that has read the rules before these were saved.
async fn taken(body: &str, save: impl FnOnce(&mut Rules)) -> BTreeMap<u64, Vec<Option<String>>> {
    let store = Store::default();
    let answers = store.clone();
    let world = world(move |call| answers.answer(call));
    let intake = intake(&world);
    intake.ledger.rules().await.unwrap();
    store.save(save);
    let received_at = "2025-11-20T01:00:00Z".parse().unwrap();
    let taken = intake.take(Route::Funnel, received_at, body.as_bytes(), Duration::from_secs(20)).await;
    let outcomes: Vec<Outcome> = taken.outcomes().collect();
    assert!(taken.failure().is_none() && outcomes.iter().all(|it| *it == Outcome::Recorded), "{taken:?}");
    store.teams()
}

fn of(team: &str) -> Vec<Option<String>> {
    vec![Some(team.to_owned())]
}

#[tokio::test]
async fn a_field_that_holds_a_utm_value_since_is_read_from_the_hook_that_finds_that_out() {
    let of_two = body(&[77, 78], &[(501, "", "kenesary_1")]);
    let teams = taken(&of_two, |rules| {
        rules.version.products = 1;
        rules.products.utm_fields.insert(501, UtmName::Campaign);
    });
    assert_eq!(teams.await, [(77, of("kenesary")), (78, of("kenesary"))].into());
    assert_eq!(taken(&of_two, |_| ()).await, [(77, vec![None]), (78, vec![None])].into());
}

#[tokio::test]
async fn an_ad_that_decides_since_is_looked_up_by_the_hook_that_finds_that_out() {
    let named = body(&[77], &[(1, "UTM_CAMPAIGN", "kenesary_1"), (2, "UTM_CONTENT", AD)]);
    let teams = taken(&named, |rules| {
        rules.version.teams = 1;
        rules.teams.0[0].patterns.clear();
    });
    assert_eq!(teams.await, [(77, of("arystan"))].into());
    assert_eq!(taken(&named, |_| ()).await, [(77, of("kenesary"))].into());
}
