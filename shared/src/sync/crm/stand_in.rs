//! What stands in for amoCRM and our own tables, so that a test sees a job through to what it leaves behind.
//!
//! Of the tables the leads are played, without their conditions: a test says itself which write is refused.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::*;
use crate::domain::crm::lead_of_a_person;
use crate::domain::lead::Lead;
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::outbox::stand_in::{Call, World, item, world};
use crate::store::leads;
use crate::sync::crm::writer::{Worked, Writer};

/// The account whose deals are written.
pub const ACCOUNT: u64 = 1;

/// The pipeline of the funnel, as it is configured where nothing is.
pub const PIPELINE: u64 = 10_350_882;

/// The leads table, by keys.
#[derive(Clone, Default)]
struct Table(Arc<Mutex<BTreeMap<(String, String), Value>>>);

impl Table {
    fn put(&self, item: Value) {
        self.0.lock().unwrap().insert(place(&item), item);
    }

    fn answer(&self, call: &Call) -> Option<Value> {
        let (body, items) = (&call.body, self.0.clone());
        let get = |key: &Value| items.lock().unwrap().get(&place(key)).cloned();
        match call.name.strip_prefix("DynamoDB_20120810.")? {
            "GetItem" => get(&body["Key"]).map(|item| json!({ "Item": item })),
            "BatchGetItem" => {
                let keys = body["RequestItems"]["leads"]["Keys"].as_array()?;
                let found: Vec<Value> = keys.iter().filter_map(get).collect();
                Some(json!({"Responses": {"leads": found}}))
            }
            "Query" => {
                let text = |name: &str| body["ExpressionAttributeValues"][name]["S"].as_str().unwrap();
                let (partition, this) = (text(":person").to_owned(), text(":this").to_owned());
                let items = items.lock().unwrap();
                let before = items.range((partition.clone(), String::new())..(partition, this));
                Some(json!({"Items": before.rev().map(|(_, item)| item.clone()).collect::<Vec<_>>()}))
            }
            "PutItem" => {
                self.take_in(body);
                None
            }
            "TransactWriteItems" => {
                body["TransactItems"].as_array()?.iter().for_each(|write| self.take_in(&write["Put"]));
                None
            }
            _ => None,
        }
    }

    fn take_in(&self, put: &Value) {
        if put["TableName"] == "leads" {
            self.put(put["Item"].clone());
        }
    }
}

fn place(item: &Value) -> (String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (text("pk"), text("sk"))
}

/// A writer's surroundings.
pub struct Scene {
    /// Everything around.
    pub world: World,
    table: Table,
    source: Source,
}

/// Surroundings in which these leads are stored. What `answers` leaves open is answered by the leads table, and by an
/// amoCRM that finds nobody, makes deal 60 of contact 70, and takes every change.
pub fn scene(stored: &[Lead], mut answers: impl FnMut(&Call) -> Option<Value> + Send + 'static) -> Scene {
    let table = Table::default();
    for lead in stored {
        table.put(item(&leads::item(lead, Some(lead.received_at)).unwrap()));
        for partition in [leads::of_phone(&lead.phone), leads::of_email(&lead.email)] {
            table.put(item(&leads::key(partition, leads::received_key(lead))));
        }
    }
    let seen = table.clone();
    let world = world(move |call| {
        answers(call).or_else(|| seen.answer(call)).or_else(|| amocrm(call)).or_else(|| secret(call))
    });
    let source = source(&world);
    Scene { world, table, source }
}

fn secret(call: &Call) -> Option<Value> {
    (call.name == "secretsmanager.GetSecretValue")
        .then(|| json!({"SecretString": r#"{"access_token":"a-1"}"#}))
}

fn amocrm(call: &Call) -> Option<Value> {
    let path = call.name.strip_prefix("/amocrm/api/v4/")?.split('?').next()?;
    let list = |name: &str, items: Value| json!({"_embedded": {name: items}});
    Some(match path {
        "leads/pipelines" => {
            let stage = |id: u64, sort: u64| json!({"id": id, "name": "", "sort": sort, "type": 0});
            let stages = [stage(20, 20), stage(142, 10_000), stage(143, 11_000)];
            list("pipelines", json!([{"id": PIPELINE, "is_main": true, "_embedded": {"statuses": stages}}]))
        }
        "account" => json!({ "id": ACCOUNT }),
        "leads/custom_fields" => list("custom_fields", json!([])),
        "contacts" => list("contacts", json!([])),
        "leads/complex" => json!([{"id": 60, "contact_id": 70}]),
        "leads" if call.body.is_array() => list("leads", json!([{"id": 60}])),
        "leads" => list("leads", json!([])),
        notes if notes.ends_with("/notes") => list("notes", json!([])),
        _ => json!({"id": 60, "pipeline_id": PIPELINE, "status_id": 20}),
    })
}

impl Scene {
    /// Works on a lead, as a message says.
    pub async fn works(&self, id: &str) -> CrmRecord {
        let mut record = CrmRecord::default();
        assert_eq!(self.writer().lead(id, &mut record).await.unwrap(), Worked::Done);
        record
    }

    /// Begins anew with a lead, as a person says.
    pub async fn works_again(&self, id: &str) -> CrmRecord {
        let mut record = CrmRecord::default();
        assert_eq!(self.writer().again(id, &mut record).await.unwrap(), Worked::Done);
        record
    }

    fn writer(&self) -> Writer<'_> {
        Writer { source: &self.source, deadline: SystemTime::from(clock::now()) + Duration::from_secs(60) }
    }

    /// What work is done with.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// A lead as it is stored now.
    pub fn lead(&self, id: &str) -> Lead {
        serde_json::from_str(self.stored(id)["document"]["S"].as_str().unwrap()).unwrap()
    }

    /// When the sweeper may take up a lead's job, where it waits.
    pub fn due_at(&self, id: &str) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_millis(self.stored(id)["due_at"]["N"].as_str()?.parse().unwrap())
    }

    fn stored(&self, id: &str) -> Value {
        self.table.0.lock().unwrap()[&place(&item(&leads::lead_key(id)))].clone()
    }
}

/// The writes that amoCRM was asked for: path and body.
pub fn writes(calls: &[Call]) -> Vec<(&str, &Value)> {
    let to_amocrm =
        calls.iter().filter_map(|call| Some((call.name.strip_prefix("/amocrm/api/v4/")?, &call.body)));
    to_amocrm.filter(|(_, body)| **body != json!({})).collect()
}

/// A lead of one person, with an id of its own.
pub fn lead(id: &str) -> Lead {
    Lead { id: id.to_owned(), received_at: clock::now(), ..lead_of_a_person() }
}

fn source(world: &World) -> Source {
    let sdk = &world.sdk;
    let dynamodb = aws_sdk_dynamodb::Client::new(sdk);
    let table = |name: &str| name.to_owned();
    let settings = table("settings");
    let (leads, counters, notifications) = (table("leads"), table("counters"), table("notifications"));
    let rules = RuleBooks::new(dynamodb.clone(), settings.clone());
    let lead_tables =
        LeadTables { leads: leads.clone(), counters: counters.clone(), notifications: notifications.clone() };
    let tables = LedgerTables {
        events: table("events"),
        sales: table("sales"),
        counters: counters.clone(),
        notifications,
    };
    let ads = Ads::new(dynamodb.clone(), table("ads"));
    // So many that no test waits for one.
    let slots = SlotRules { slots: 100, longest_call: LONGEST_CALL };
    let secrets = aws_sdk_secretsmanager::Client::new(sdk);
    Source {
        settings: Settings::new(dynamodb.clone(), settings.clone()),
        states: AmocrmStates::new(dynamodb.clone(), settings.clone()),
        queue: Queue::new(aws_sdk_sqs::Client::new(sdk), format!("{}/q/amocrm-writer", world.base)),
        leads: Leads::new(dynamodb.clone(), leads.clone()),
        book: LeadBook::new(dynamodb.clone(), lead_tables),
        people: PersonLeads::new(dynamodb.clone(), leads.clone()),
        sales: Sales::new(dynamodb.clone(), table("sales")),
        marks: PollMarks::new(dynamodb.clone(), settings.clone()),
        counters: Counters::new(dynamodb.clone(), counters.clone()),
        reconciliations: Reconciliations::new(dynamodb.clone(), counters.clone()),
        locks: PersonLocks::new(dynamodb.clone(), leads),
        ledger: Ledger::new(dynamodb.clone(), tables, ads, rules.clone()),
        breakers: Breakers::new(dynamodb.clone(), settings.clone()).with_rules(RULES),
        limit: RateLimit::new(dynamodb.clone(), settings.clone(), slots),
        token: LockedSecret::new(secrets, table("amocrm"), dynamodb, settings, OF_AMOCRM),
        rules,
        http: World::http(),
        base: format!("{}/amocrm", world.base),
        account: Some(ACCOUNT),
        amocrm: Recent::new(TOKEN_KEPT),
        catalogue: Kept::default(),
    }
}
