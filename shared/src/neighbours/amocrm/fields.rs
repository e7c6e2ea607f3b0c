//! The UTM values among a deal's custom fields, in every way that accounts keep them.

use std::collections::BTreeMap;

use super::body::Node;
use crate::domain::utm::{Reading, UtmName, Way};
use crate::domain::utm_link::{self, reading};

/// Reads `custom_fields` of a lead. `by_id` is the configured map of field ids.
pub fn readings(lead: &Node, by_id: &BTreeMap<u64, UtmName>) -> Vec<Reading> {
    let fields = lead.get("custom_fields").or_else(|| lead.get("custom_fields_values"));
    let mut readings = vec![];
    for (_, field) in fields.into_iter().flat_map(Node::children) {
        let name = field.text("name").or_else(|| field.text("field_name")).unwrap_or_default();
        let id = field.text("id").or_else(|| field.text("field_id")).unwrap_or_default();
        let code = field.text("code").or_else(|| field.text("field_code")).unwrap_or_default();
        let shown = [name, code, id].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let values = values(field);
        if let Some((utm, way)) = meaning(code, id, name, by_id) {
            readings.extend(values.first().and_then(|value| reading(utm, way, shown, value)));
        }
        readings.extend(values.iter().flat_map(|value| utm_link::readings(value, shown)));
    }
    readings.sort();
    readings.dedup();
    readings
}

fn meaning(code: &str, id: &str, name: &str, by_id: &BTreeMap<u64, UtmName>) -> Option<(UtmName, Way)> {
    let by_code = || Some((UtmName::from_code(code)?, Way::Code));
    let by_id = || Some((*by_id.get(&id.parse().ok()?)?, Way::FieldId));
    let by_name = || Some((UtmName::from_field_name(name)?, Way::FieldName));
    by_code().or_else(by_id).or_else(by_name)
}

/// A value is `[value]` below an index, or the index holds it itself, as dates do.
fn values(field: &Node) -> Vec<&str> {
    let values = field.get("values").into_iter().flat_map(Node::children);
    values.filter_map(|(_, value)| value.as_text().or_else(|| value.text("value"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::amocrm::body::parse;

    fn read(form: &str, by_id: &[(u64, UtmName)]) -> Vec<(UtmName, Way, String)> {
        let lead = parse(form.as_bytes()).root;
        let readings = readings(&lead, &by_id.iter().copied().collect());
        readings.into_iter().map(|reading| (reading.utm, reading.way, reading.value)).collect()
    }

    #[test]
    fn a_field_is_known_by_code_then_by_id_then_by_name() {
        let form = "custom_fields[0][id]=1&custom_fields[0][name]=Source&custom_fields[0][values][0][value]=a\
            &custom_fields[0][code]=UTM_MEDIUM\
            &custom_fields[4][id]=2&custom_fields[4][name]=Source&custom_fields[4][values][0][value]=b\
            &custom_fields[9][id]=3&custom_fields[9][name]=Source&custom_fields[9][values][0][value]=c";
        assert_eq!(
            read(form, &[(2, UtmName::Campaign)]),
            [
                (UtmName::Campaign, Way::FieldId, "b".into()),
                (UtmName::Source, Way::FieldName, "c".into()),
                (UtmName::Medium, Way::Code, "a".into()),
            ]
        );
    }

    #[test]
    fn a_code_without_values_is_unset_and_a_scalar_is_a_value() {
        let form = "custom_fields[0][id]=1&custom_fields[0][name]=utm_medium&custom_fields[0][code]=UTM_MEDIUM\
            &custom_fields[1][name]=Keyword&custom_fields[1][values][0]=brand+5220";
        assert_eq!(read(form, &[]), [(UtmName::Term, Way::FieldName, "brand 5220".into())]);
    }

    #[test]
    fn links_are_unescaped_and_read_wherever_they_stand() {
        let form = "custom_fields[0][name]=Site+link&custom_fields[0][values][0][value]=see+https://example.org/p%3F\
            utm_source=cpa%26amp;utm_medium=offer1%26amp;utm_campaign=%25D0%25B7%25D0%25B0%23frag+end";
        assert_eq!(
            read(form, &[]),
            [
                (UtmName::Campaign, Way::Link, "за".into()),
                (UtmName::Source, Way::Link, "cpa".into()),
                (UtmName::Medium, Way::Link, "offer1".into()),
            ]
        );
    }
}
