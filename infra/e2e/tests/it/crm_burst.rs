//! Many forms at once, a third of them by people who have sent one already. `E2E_BURST=500` sends so many.

use std::collections::BTreeSet;

use e2e::{Crm, Form, Guest, landing};
use futures::StreamExt;
use futures::stream;
use serde_json::Value;

const FORMS: usize = 40;
/// Of ten forms so many are of somebody new.
const NEW_OF_TEN: usize = 7;
/// What amoCRM takes of one integration.
const PER_SECOND: u64 = 7;

#[tokio::test]
async fn a_burst_of_forms_is_one_deal_for_each_person_within_the_limit() {
    let forms = e2e::env::number("E2E_BURST").unwrap_or(FORMS);
    let crm = Crm::open().await;
    let before = crm.world().await;
    let people: Vec<Guest> = (0..forms * NEW_OF_TEN / 10).map(|_| Guest::new()).collect();
    let sent = stream::iter(0..forms).map(async |n| {
        let guest = &people[n % people.len()];
        let form = if n % 4 == 0 { Form::order(guest, "robokassa") } else { Form::proftest(guest) };
        landing::lead_id(&form.with("phone", guest.spellings()[n % 5].as_str()).send(&crm.stack).await)
    });
    let ids: Vec<String> = sent.buffer_unordered(8).collect().await;
    // Some tens of them within the deadline of a wait.
    for some in ids.chunks(FORMS) {
        crm.until_all_written(some).await;
    }
    let after = crm.world().await;
    let contacts: BTreeSet<u64> =
        after["contacts"].as_array().unwrap().iter().map(|of| of["id"].as_u64().unwrap()).collect();
    assert_eq!(contacts.len(), 7 + people.len(), "those of the default world, and one for each new person");
    let mut notes = 0;
    for guest in &people {
        notes += crm.deal_of(guest).await["notes"].as_array().unwrap().len();
    }
    assert_eq!(notes, forms, "one for each form");
    for list in ["contacts", "leads"] {
        let old = before[list].as_array().unwrap();
        let kept: Vec<&Value> = after[list]
            .as_array()
            .unwrap()
            .iter()
            .filter(|of| old.iter().any(|old| old["id"] == of["id"]))
            .collect();
        assert_eq!(kept, old.iter().collect::<Vec<_>>(), "nobody else's {list} are touched");
    }
    let asked = crm.asked().await;
    assert!(asked.peak() <= PER_SECOND, "{} in one second", asked.peak());
    assert!(asked.all().iter().all(|request| request["status"] != 429), "never told to slow down");
    crm.end().await;
}
