use super::*;
use crate::domain::lead::Lead;
use crate::domain::sample_leads::{lead, of_team};

fn key(campaign: &str) -> LeadCountKey {
    let lead = of_team(lead("1", campaign), "muha");
    lead_counts::stored(&Lead { status: LeadStatus::InCrm, ..lead }).into_keys().next().unwrap()
}

fn muha() -> Owner {
    key("proftest").owner
}

/// The item that an addition makes where there was none.
fn item(key: &LeadCountKey, shard: u64, n: i64) -> Item {
    let values = addition(key, n).1.into_iter();
    let attributes = values.map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
    attributes.chain(item_key(key, shard)).collect()
}

#[test]
fn the_place_of_a_count_stays_what_it_is() {
    let item = item_key(&key("proftest_onai2"), 3);
    assert_eq!(item["pk"], AttributeValue::S("leads#muha".into()));
    assert_eq!(item["sk"], AttributeValue::S("2026-11-20#proftest#in_crm#df9fdaba26c4aa39#3".into()));
}

#[test]
fn shards_are_added_up_and_what_comes_to_nothing_is_left_out() {
    let (one, gone) = (key("proftest_one"), key("proftest_gone"));
    let items = [item(&one, 0, 2), item(&one, 3, 5), item(&gone, 1, 1), item(&gone, 2, -1)];
    assert_eq!(added_up(&muha(), &items).unwrap(), LeadCounters::from([(one, 7)]));
}

#[test]
fn a_moved_lead_is_two_updates_of_one_shard() {
    let lead = of_team(lead("1", "proftest"), "muha");
    let writes = writes("counters", 2, &lead_counts::moved(&lead, LeadStatus::InCrm)).unwrap();
    let told: Vec<(String, String)> = writes
        .iter()
        .map(|write| {
            let update = write.update().unwrap();
            let values = update.expression_attribute_values().unwrap();
            assert_eq!(update.table_name(), "counters");
            assert_eq!(
                update.update_expression(),
                "SET campaign = if_not_exists(campaign, :campaign) ADD n :n"
            );
            (update.key()["sk"].as_s().unwrap().clone(), values[":n"].as_n().unwrap().clone())
        })
        .collect();
    let place = |status: &str| format!("2026-11-20#proftest#{status}#4fee1a02f7673c52#2");
    assert_eq!(told, [(place("waiting"), "-1".to_owned()), (place("in_crm"), "1".to_owned())]);
}

#[test]
fn an_item_that_does_not_say_what_it_counts_is_not_passed_over() {
    let with = |name: &str, value: AttributeValue| {
        let mut item = item(&key("proftest"), 0, 1);
        item.insert(name.to_owned(), value);
        added_up(&muha(), &[item])
    };
    for sk in ["2026-11-20", "2026-11-20#0", "2026-11-20#exam#in_crm#00#0", "2026-11-20#proftest#lost#00#0"] {
        assert!(
            matches!(with("sk", AttributeValue::S(sk.into())), Err(StoreError::Unreadable { .. })),
            "{sk}"
        );
    }
    assert!(with("campaign", AttributeValue::N("1".into())).is_err());
    assert!(with("n", AttributeValue::S("1".into())).is_err());
}
