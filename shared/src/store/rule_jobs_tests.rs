use std::collections::BTreeMap;

use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use serde_json::Value;

use super::*;
use crate::domain::audit::{Action, Who};
use crate::domain::day::Period;
use crate::domain::event::DealId;
use crate::domain::rule_job::Touched;
use crate::domain::rules::RulesVersion;

const ONE: &str = "01931d6c-5b00-7000-8000-000000000001";
const TWO: &str = "01931d6c-5b00-7000-8000-000000000002";

fn jobs() -> RuleJobs {
    let config = aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest());
    let client = Client::from_conf(config.region(Region::new("eu-central-1")).build());
    let audit = Audit::new(client.clone(), "counters".to_owned());
    RuleJobs::new(client, "settings".to_owned(), audit)
}

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn job(id: &str, kind: Kind) -> RuleJob {
    let from = Day::of(now());
    let by = Who { id: "u".to_owned(), email: None };
    RuleJob::new(id.to_owned(), kind, Period { from, to: from.plus(3) }, by, now())
}

fn row() -> AuditRow {
    AuditRow {
        id: ONE.to_owned(),
        at: now(),
        who: Who { id: "u".to_owned(), email: None },
        action: Action::RulesApplied,
        subject: String::new(),
        before: Value::Null,
        after: Value::Null,
        effect: None,
    }
}

/// The conditions of a transaction by the item that they stand on, with their values in them.
fn conditions(writes: &[TransactWriteItem]) -> BTreeMap<String, String> {
    let of = |item: &Item, condition: Option<&str>, values: Option<&Item>| {
        let mut condition = condition.unwrap_or_default().to_owned();
        for (name, value) in values.into_iter().flatten() {
            let value = value.as_s().or_else(|_| value.as_n()).unwrap();
            condition = condition.replace(name, value);
        }
        (item["pk"].as_s().unwrap().clone(), condition)
    };
    let put = |put: &Put| of(put.item(), put.condition_expression(), put.expression_attribute_values());
    let check = |write: &TransactWriteItem| {
        let check = write.condition_check().unwrap();
        of(check.key(), Some(check.condition_expression()), check.expression_attribute_values())
    };
    writes.iter().map(|write| write.put().map_or_else(|| check(write), put)).collect()
}

fn expected<const N: usize>(conditions: [(&str, &str); N]) -> BTreeMap<String, String> {
    conditions.map(|(pk, condition)| (pk.to_owned(), condition.to_owned())).into()
}

#[test]
fn a_job_begins_where_nobody_has_the_place_and_is_remembered() {
    let apply = job(ONE, Kind::Apply { rules: RulesVersion { teams: 3, products: 0 } });
    let writes = jobs().beginning(&apply, None, AppliedRead::default(), &row(), now()).unwrap();
    let told = conditions(&writes);
    let new = "attribute_not_exists(pk)";
    assert_eq!(
        told,
        expected([
            ("rule-job#current", "attribute_not_exists(pk) OR #until < 1795150800000"),
            ("rule-job#applied", new),
            (&format!("rule-job#{ONE}"), new),
            ("audit#2026-11", new),
        ])
    );
    let applied = writes.last().unwrap().put().unwrap();
    let jobs_left: Applied = document::read(applied.item()).unwrap();
    assert_eq!(jobs_left, Applied::default().and(&apply));
}

#[test]
fn of_two_who_undo_a_job_one_does() {
    let apply = job(ONE, Kind::Apply { rules: RulesVersion::default() });
    let applied = Applied::default().and(&apply);
    let text = Some(AttributeValue::S("read".to_owned()));
    let read = AppliedRead { jobs: applied, text };
    let undo = job(TWO, Kind::Undo { of: ONE.to_owned() });
    let writes = jobs().beginning(&undo, Some(&apply), read, &row(), now()).unwrap();
    let told = conditions(&writes);
    assert_eq!(told[&format!("rule-job#{ONE}")], "attribute_not_exists(undone_by)");
    assert_eq!(told["rule-job#applied"], "#document = read");
    let undone =
        writes.iter().filter_map(TransactWriteItem::put).find(|put| put.item().contains_key("undone_by"));
    let stored: RuleJob = document::read(undone.unwrap().item()).unwrap();
    assert_eq!(stored, RuleJob { undone_by: Some(TWO.to_owned()), ..apply });
    let left: Applied = document::read(writes.last().unwrap().put().unwrap().item()).unwrap();
    assert_eq!(left, Applied::default());
}

#[test]
fn only_who_has_the_place_and_was_not_outrun_stores_how_far_a_job_is() {
    let apply = job(ONE, Kind::Apply { rules: RulesVersion::default() });
    let (read, name) = (apply.next, format!("rule-job#{ONE}"));
    let until = |writes: &[TransactWriteItem]| {
        let place = writes[0].put().unwrap().item()["until"].as_n().unwrap().parse::<i64>().unwrap();
        place - now().timestamp_millis()
    };
    let further = apply.after(&Touched::default(), now());
    let writes = jobs().progressing(&further, read, now()).unwrap();
    let same = expected([
        ("rule-job#current", &format!("job_id = {ONE}")),
        (&name, "#next = 2026-11-20 AND attribute_not_exists(undone_by)"),
    ]);
    assert_eq!((conditions(&writes), until(&writes)), (same, PATIENCE.num_milliseconds()));
    assert_eq!(writes[1].put().unwrap().item()["next"].as_s().unwrap(), "2026-11-21");
    let done = RuleJob { state: JobState::Done, ..further };
    assert!(until(&jobs().progressing(&done, read, now()).unwrap()) < 0, "its place is free again");
}

#[test]
fn what_is_moved_is_stored_by_who_has_the_place_and_over_nothing() {
    let deals = (0..2_000).map(|lead| DealId { account: u64::MAX, lead: u64::MAX - lead }).collect();
    let leads = (0..2_000).map(|n| format!("01931d6c-5b00-7000-8000-{n:012}")).collect();
    let part = Touched { deals, leads };
    let day = Day::of(now());
    let writes = jobs().adding(ONE, day, 1, &part).unwrap();
    let name = format!("rule-job#{ONE}#2026-11-20#1");
    let told = expected([
        ("rule-job#current", format!("job_id = {ONE}").as_str()),
        (&name, "attribute_not_exists(pk)"),
    ]);
    assert_eq!(conditions(&writes), told);
    let item = writes[1].put().unwrap().item();
    assert!(item[document::ATTRIBUTE].as_s().unwrap().len() < 390_000, "an item holds 400 KB");
    assert_eq!(document::read::<Touched>(item).unwrap(), part);
    assert_eq!(parts::key(ONE, day, 0), format!("rule-job#{ONE}#2026-11-20"));
}
