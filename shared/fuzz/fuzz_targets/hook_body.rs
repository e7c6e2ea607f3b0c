//! Any bytes as the body of a hook: read without a panic, the same each time, and each item with an identity.
//! `make fuzz` starts from the golden bodies under `events/`.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shared::domain::event::Route;
use shared::domain::ledger;
use shared::domain::rules::Rules;
use shared::neighbours::amocrm::account::KnownAccounts;
use shared::neighbours::amocrm::hook::{Content, Context, items};
use shared::neighbours::amocrm::{body, identity};

static RULES: LazyLock<Rules> = LazyLock::new(Rules::default);
static ACCOUNTS: LazyLock<KnownAccounts> =
    LazyLock::new(|| KnownAccounts::parse("29600001:example").unwrap_or_default());

fuzz_target!(|bytes: &[u8]| {
    let Some(received_at) = chrono::DateTime::from_timestamp(1_795_000_000, 0) else { return };
    for route in Route::ALL {
        let context = Context { route, received_at, accounts: &ACCOUNTS, rules: &RULES };
        let read = items(&body::parse(bytes), context);
        assert_eq!(read, items(&body::parse(bytes), context));
        let mut deal = None;
        for item in read {
            match item.content {
                Content::Deal(event) => {
                    let id = identity::of_event(&event);
                    assert_eq!(item.lead_id, Some(event.deal.lead));
                    assert!(event.price.is_none_or(|price| price.0 > 0));
                    let prior = deal.as_ref().filter(|deal: &&ledger::Change| deal.deal.id() == event.deal);
                    deal = Some(ledger::apply(prior.map(|change| &change.deal), &event, &id.id, &RULES));
                }
                Content::NotALead(id) | Content::Unreadable(id) => assert!(!id.is_empty()),
            }
        }
    }
});
