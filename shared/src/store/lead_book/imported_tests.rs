use super::*;
use crate::domain::old::lead::Origin;
use crate::domain::old::row::RowId;
use crate::domain::sample_leads::{lead, with_utm};
use crate::store::lead_book::tests::book;

fn mark() -> Mark {
    Mark::new(Origin::Landing, &RowId("a".to_owned()))
}

fn text(value: Option<&AttributeValue>) -> &str {
    value.and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

#[test]
fn a_key_is_claimed_only_where_it_is_nobodys() {
    let key = FormKey::of_import(lead("l-1", "express").form, &mark().to_string());
    let write = book().key_of(&key, "l-1", None).unwrap();
    let put = write.put().unwrap();
    assert_eq!(put.condition_expression(), Some("attribute_not_exists(pk)"));
    assert_eq!(text(put.item().get("lead_id")), "l-1");
    assert!(!put.item().contains_key("expires_at"), "it is for ever");
    let moved = book().key_of(&key, "l-2", Some("l-1")).unwrap();
    let put = moved.put().unwrap();
    assert_eq!(put.condition_expression(), Some("lead_id = :before"));
    assert_eq!(text(put.expression_attribute_values().unwrap().get(":before")), "l-1");
}

#[test]
fn what_a_lead_is_called_is_noted_beside_its_job() {
    let noted =
        Lead { version: 3, also: vec![mark().to_string()], ..with_utm(lead("l-1", "express"), "onai2") };
    let write = book().noted(&noted).unwrap();
    let update = write.update().unwrap();
    assert_eq!(update.update_expression(), "SET #document = :document, version = :next");
    assert_eq!(update.condition_expression(), Some("version = :read"));
    let values = update.expression_attribute_values().unwrap();
    let stored: Lead = serde_json::from_str(text(values.get(":document"))).unwrap();
    assert_eq!(stored, Lead { version: 4, ..noted });
    let number = |name: &str| values[name].as_n().unwrap().clone();
    assert_eq!((number(":read"), number(":next")), ("3".to_owned(), "4".to_owned()));
    assert_eq!(update.expression_attribute_names().unwrap()["#document"], "document");
}
