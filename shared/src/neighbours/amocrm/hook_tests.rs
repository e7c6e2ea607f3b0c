use std::fmt::Write;
use std::path::Path;

use super::*;
use crate::domain::utm;
use crate::neighbours::amocrm::body;

const ARRIVAL: &str = "2026-11-20T05:00:00Z";

fn read(route: Route, bytes: &[u8]) -> Vec<Item> {
    let (accounts, rules) = (KnownAccounts::parse("29600001:example").unwrap(), Rules::default());
    let received_at = ARRIVAL.parse().unwrap();
    items(&body::parse(bytes), Context { route, received_at, accounts: &accounts, rules: &rules })
}

fn sales(form: &str) -> Vec<Item> {
    read(Route::Sales, form.as_bytes())
}

fn event(item: &Item) -> &DealEvent {
    match &item.content {
        Content::Deal(event) => event,
        other => panic!("no deal: {other:?}"),
    }
}

/// Every body under `events/`, as it is read. A new file or a changed reading shows in the snapshot.
#[test]
fn golden_bodies_are_read_as_recorded() {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
    let mut readings = String::new();
    for (folder, route) in [
        ("amocrm-sales-webhook", Route::Sales),
        ("amocrm-funnel-sale", Route::Funnel),
        ("amocrm-traffic", Route::Traffic),
    ] {
        let mut files: Vec<_> =
            std::fs::read_dir(events.join(folder)).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files {
            writeln!(readings, "{folder}/{}", file.file_name().unwrap().to_string_lossy()).unwrap();
            for item in read(route, &std::fs::read(&file).unwrap()) {
                writeln!(readings, "  {}", line(&item)).unwrap();
            }
        }
    }
    insta::assert_snapshot!(readings);
}

fn line(item: &Item) -> String {
    let what = match &item.content {
        Content::Deal(event) => {
            let time = match event.happened {
                Happened::At(at) => at.to_rfc3339(),
                Happened::OnArrival => "on arrival".to_owned(),
            };
            format!(
                "{} of {} stage {:?} from {:?} price {:?} {time} {:?}",
                event.action.as_str(),
                event.deal,
                event.stage,
                event.old_stage,
                event.price.map(|price| price.0),
                utm::shown(&event.readings)
            )
        }
        Content::NotALead(_) => "not a lead".to_owned(),
        Content::Unreadable(_) => "unreadable".to_owned(),
    };
    format!("{} {:?}: {what} {:?}", item.action, item.lead_id, item.problems)
}

#[test]
fn every_lead_and_action_of_a_body_is_an_item() {
    let items = sales(
        "leads[add][0][id]=1&leads[add][7][id]=2&leads[status][0][id]=1&leads[status][0][status_id]=142\
         &contacts[update][0][id]=9&account[id]=5",
    );
    let seen: Vec<_> = items.iter().map(|item| (item.action.as_str(), item.lead_id)).collect();
    assert_eq!(seen, [("add", Some(1)), ("add", Some(2)), ("status", Some(1)), ("update", None)]);
    assert_eq!(event(&items[2]).stage, Some(142));
    assert!(matches!(items[3].content, Content::NotALead(_)));
}

#[test]
fn a_lead_without_a_readable_id_does_not_stop_the_others() {
    let items = sales("leads[status][0][id]=x&leads[status][1][name]=y&leads[status][2][id]=3&account[id]=5");
    assert!(matches!(items[0].content, Content::Unreadable(_)) && !items[0].problems.is_empty());
    assert!(matches!(items[1].content, Content::Unreadable(_)));
    assert_eq!(event(&items[2]).deal, DealId { account: 5, lead: 3 });
}

#[test]
fn a_bad_price_or_time_is_unset_and_said() {
    let items =
        sales("leads[status][0][id]=1&leads[status][0][price]=-5&leads[status][0][updated_at]=99999999999");
    assert_eq!((event(&items[0]).price, event(&items[0]).happened), (None, Happened::OnArrival));
    assert_eq!(items[0].problems.len(), 2);
}

#[test]
fn what_holds_no_entity_has_no_items() {
    for form in
        ["", "hello", "a=1", "leads=", "leads[status]=", "account[id]=5", "{}", "[1]", "{\"leads\":{}}"]
    {
        assert!(sales(form).is_empty(), "{form}");
    }
}

#[test]
fn a_body_that_was_cut_is_one_unreadable_item_if_it_is_amocrms_at_all() {
    let long = format!("leads[status][0][id]=1&{}", "a=1&".repeat(30_000));
    assert_eq!(sales(&long).len(), 1);
    assert!(matches!(sales(&long)[0].content, Content::Unreadable(_)));
    assert!(sales(&"a=1&".repeat(30_000)).is_empty());
}

#[test]
fn the_same_body_is_the_same_event_on_its_route_only() {
    let form =
        "leads[status][0][id]=1&leads[status][0][status_id]=142&leads[status][0][updated_at]=1763600000";
    let id = |route| identity::of_event(event(&read(route, form.as_bytes())[0])).id;
    assert_eq!(id(Route::Sales), id(Route::Sales));
    assert_ne!(id(Route::Sales), id(Route::Traffic));
}

#[test]
fn form_and_json_of_one_hook_are_the_same_event() {
    let form = "leads[status][0][id]=1&leads[status][0][price]=5000&account[id]=5";
    let json = r#"{"leads":{"status":[{"id":1,"price":5000}]},"account":{"id":5}}"#;
    assert_eq!(event(&sales(form)[0]), event(&sales(json)[0]));
}
