use aws_sdk_dynamodb::config::{BehaviorVersion, Region};

use super::*;
use crate::domain::notification::{Channel, Subject};
use crate::domain::phone::Phone;
use crate::domain::sample_leads::{lead, with_utm};

pub(super) fn book() -> LeadBook {
    let config = aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest());
    let client = Client::from_conf(config.region(Region::new("eu-central-1")).build());
    let tables = LeadTables {
        leads: "leads".to_owned(),
        counters: "counters".to_owned(),
        notifications: "notifications".to_owned(),
    };
    LeadBook::new(client, tables)
}

fn text(item: &Item, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

#[test]
fn a_form_is_one_transaction_with_all_that_follows_from_it() {
    let lead = with_utm(lead("l-1", "proftest_arystan"), "ar_video");
    let key = FormKey::of(lead.form, "k", &lead);
    let due = lead.received_at + TimeDelta::minutes(10);
    let message = |channel| {
        Notification::new(channel, &lead.id, Subject::Lead(lead.id.clone()), "c", lead.received_at, due)
    };
    let messages = [message(Channel::Sms), message(Channel::Email)];
    let writes = book().writes(&lead, Some(&key), &messages, Some(due)).unwrap();

    let puts: Vec<&Put> = writes.iter().filter_map(TransactWriteItem::put).collect();
    let keys: Vec<String> =
        puts.iter().map(|put| format!("{} {}", put.table_name(), text(put.item(), "pk"))).collect();
    assert_eq!(keys[0], format!("leads form#{}", key.hash));
    assert_eq!(keys[1], "leads lead#l-1");
    assert!(keys[2].starts_with("leads phone#") && keys[3].starts_with("leads email#"), "{keys:?}");
    assert_eq!(keys[4..], ["notifications l-1-sms", "notifications l-1-email"]);
    assert!(keys.iter().all(|key| !key.contains("7773886880") && !key.contains("example.kz")));

    let claim = puts[0];
    assert_eq!(claim.condition_expression(), Some("attribute_not_exists(pk) OR expires_at <= :now"));
    assert_eq!(
        claim.return_values_on_condition_check_failure(),
        Some(&ReturnValuesOnConditionCheckFailure::AllOld)
    );
    assert_eq!(puts[1].condition_expression(), Some("attribute_not_exists(pk)"));
    assert_eq!(text(puts[1].item(), "job_key"), "amocrm");
    let link = text(puts[2].item(), "sk");
    assert_eq!((link.as_str(), text(puts[3].item(), "sk")), ("2026-11-20T06:00:00.000Z#l-1", link.clone()));

    let counted = writes.iter().filter_map(TransactWriteItem::update);
    let counted: Vec<String> = counted.map(|update| text(update.key(), "pk")).collect();
    assert_eq!(counted, ["sale_date#unattributed", "utm#sale_date#unattributed", "leads#unattributed"]);
}

#[test]
fn a_lead_that_amocrm_is_not_told_of_has_no_job() {
    let lead = Lead { status: LeadStatus::OverLimit, ..lead("l-1", "express") };
    let writes = book().writes(&lead, None, &[], None).unwrap();
    let put = writes[0].put().unwrap();
    assert_eq!((text(put.item(), "pk"), text(put.item(), "job_key")), ("lead#l-1".into(), String::new()));
}

#[test]
fn a_key_is_of_one_form_and_one_person() {
    let one = lead("l-1", "express");
    let other = Lead { phone: Phone::parse("+77011234567").unwrap(), ..one.clone() };
    let key = |key: &str, form, lead: &Lead| FormKey::of(form, key, lead);
    assert_eq!(
        key("k", Form::Proftest, &one),
        key("k", Form::Proftest, &Lead { id: "l-2".into(), ..one.clone() })
    );
    for different in
        [key("j", Form::Proftest, &one), key("k", Form::Express, &one), key("k", Form::Proftest, &other)]
    {
        assert_ne!(key("k", Form::Proftest, &one), different);
    }
}

#[test]
fn a_key_that_has_ended_is_known_no_more() {
    let item = |end: i64| Item::from([("expires_at".to_owned(), AttributeValue::N(end.to_string()))]);
    let now = DateTime::from_timestamp(1_000, 0).unwrap();
    assert_eq!([999, 1_000, 1_001].map(|end| lives(&item(end), now)), [false, false, true]);
    assert!(lives(&Item::new(), now), "a key without an end is for ever");
    let lead = lead("l-1", "express");
    let claim = |key: &FormKey| claim("leads", key, &lead).unwrap().put().unwrap().item().clone();
    assert!(claim(&FormKey::of(lead.form, "k", &lead)).contains_key("expires_at"));
    assert!(!claim(&FormKey::of_import(lead.form, "k")).contains_key("expires_at"));
}
