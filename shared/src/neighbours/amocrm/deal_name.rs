//! The name of a deal, as the hook that told of it has it. It is mostly a person's, so it is read when it is needed and
//! kept nowhere.

use super::hook::entries;
use super::{body, scalar};

/// The deal's name in a body; nothing where the body does not tell it.
pub fn deal_name(bytes: &[u8], lead: u64) -> Option<String> {
    let body = body::parse(bytes);
    let leads = body.root.get("leads")?;
    let names = entries(leads).map(|(_, entry)| entry);
    let mut names = names.filter(|entry| entry.text("id").and_then(scalar::id) == Some(lead));
    names.find_map(|entry| entry.text("name").map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_is_found_among_others_in_form_and_json() {
        let form = "account[id]=1&leads[add][0][id]=5&leads[add][0][name]=A&leads[status][0][id]=7\
                    &leads[status][0][name]=%D0%90%D0%B9%D0%B3%D2%AF%D0%BB+%2B1";
        assert_eq!(deal_name(form.as_bytes(), 7).as_deref(), Some("Айгүл +1"));
        let json = br#"{"leads":{"status":[{"id":7,"name":"B"}]}}"#;
        assert_eq!(deal_name(json, 7).as_deref(), Some("B"));
    }

    #[test]
    fn a_name_that_is_not_told_is_none() {
        for body in
            ["leads[status][0][id]=7", "leads[status][0][id]=8&leads[status][0][name]=B", "x=1", "", "\u{0}"]
        {
            assert_eq!(deal_name(body.as_bytes(), 7), None, "{body}");
        }
        assert_eq!(deal_name(b"leads[status][0][id]=7&leads[status][0][name]=+", 7), None);
    }
}
