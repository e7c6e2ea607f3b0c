use serde_json::{Value, json};

use super::*;
use crate::domain::lead::{CrmJob, Form, PaymentMethod};
use crate::outbox::stand_in::{Call, World, item};
use crate::store::leads;
use crate::sync::crm::wiring::stand_in::{PIPELINE, Scene, lead, scene, writes};

/// What amoCRM says of a field of what was to be written.
fn wrong(path: &str) -> Value {
    json!({"__type": "", "title": "Bad Request", "validation-errors": [{"errors": [
        {"code": "InvalidType", "path": path}]}]})
}

fn is_new_deal(call: &Call) -> bool {
    call.name == "/amocrm/api/v4/leads/complex"
}

/// One lead that waits, and an amoCRM that answers so to a new deal.
fn refusing(answer: Value) -> Scene {
    scene(&[lead("018f")], move |call| is_new_deal(call).then(|| answer.clone()))
}

#[tokio::test]
async fn a_lead_is_made_a_deal_with_a_note_and_settled() {
    let scene = scene(&[lead("018f")], |_| None);
    let record = scene.works("018f").await;
    assert_eq!((record.leads_written, record.leads_failed), (1, 0));
    let done = scene.lead("018f");
    assert_eq!((done.status, scene.due_at("018f")), (LeadStatus::InCrm, None));
    assert_eq!((done.crm.deal.unwrap().lead, done.crm.contact_id, done.crm.stage), (60, Some(70), Some(20)));
    let calls = scene.world.calls();
    let paths: Vec<&str> = writes(&calls).iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, ["leads/complex", "leads/60/notes"]);
}

#[tokio::test]
async fn a_refusal_that_names_nothing_ends_no_lead() {
    let scene = refusing(json!({"__type": "", "title": "Bad Request"}));
    let record = scene.works("018f").await;
    assert_eq!((record.leads_failed, record.leads_put_off), (0, 1));
    let waits = scene.lead("018f");
    assert_eq!((waits.status, waits.crm.attempts), (LeadStatus::Waiting, 1));
    assert_eq!(waits.crm.last_error.as_deref(), Some("HTTP 400, Bad Request"));
    assert!(scene.due_at("018f").unwrap() > clock::now());
    let queued = World::queued(&scene.world.calls());
    assert_eq!((&queued[0].1, queued[0].2), (&json!({"lead_id": "018f"}), 15));
}

#[tokio::test]
async fn a_question_that_is_refused_ends_no_lead_whatever_the_refusal_names() {
    let scene = scene(&[lead("018f")], |call| call.name.contains("/contacts?").then(|| wrong("query")));
    assert_eq!(scene.works("018f").await.leads_failed, 0);
    assert_eq!(scene.lead("018f").status, LeadStatus::Waiting);
}

#[tokio::test]
async fn what_amocrm_names_and_we_cannot_mend_fails_until_a_person_has_it_begun_anew() {
    let mut refusals = 1;
    let scene = scene(&[lead("018f")], move |call| {
        let refused = is_new_deal(call) && refusals > 0;
        refusals -= i32::from(refused);
        refused.then(|| wrong("name"))
    });
    assert_eq!(scene.works("018f").await.leads_failed, 1);
    let failed = scene.lead("018f");
    assert_eq!((failed.status, scene.due_at("018f")), (LeadStatus::Failed, None));
    assert_eq!(failed.crm.last_error.as_deref(), Some("HTTP 400, Bad Request; name: InvalidType"));
    scene.works("018f").await;
    assert_eq!(scene.lead("018f"), failed, "its own message does not begin it anew");

    scene.world.calls();
    assert_eq!(scene.works_again("018f").await.leads_written, 1);
    let done = scene.lead("018f");
    assert_eq!((done.status, done.crm.attempts, done.crm.last_error), (LeadStatus::InCrm, 1, None));
    let calls = scene.world.calls();
    let begun = calls.iter().find(|call| call.name.ends_with("TransactWriteItems")).unwrap();
    let waits = &begun.body["TransactItems"][0]["Put"]["Item"];
    assert_eq!(waits["job_key"], json!({"S": "amocrm"}), "the sweeper knows of it, should we die");
    let moved = begun.body["TransactItems"].as_array().unwrap().iter().skip(1);
    let counts = moved.map(|write| write["Update"]["Key"]["sk"]["S"].as_str().unwrap().to_owned());
    let counts: Vec<String> = counts.collect();
    assert!(
        ["#failed#", "#waiting#"].iter().all(|status| counts.iter().any(|key| key.contains(status))),
        "{counts:?}"
    );
}

/// An order by Kaspi, which is won at once where nothing is configured.
fn order(id: &str) -> Lead {
    Lead { form: Form::Express, payment_method: Some(PaymentMethod::Kaspi), ..lead(id) }
}

/// What amoCRM is asked to write for two orders of one person, and the leads that they are then. `now` is where the first
/// one's deal stands when the second comes.
async fn ordered_twice(second: Lead, now: u64) -> (Vec<String>, Lead, Lead) {
    let first = order("018f");
    let scene = scene(&[first, second.clone()], move |call| {
        let is_read = call.name.starts_with("/amocrm/api/v4/leads/60?");
        is_read.then(|| json!({"id": 60, "pipeline_id": PIPELINE, "status_id": now}))
    });
    scene.works("018f").await;
    scene.world.calls();
    scene.works(&second.id).await;
    let calls = scene.world.calls();
    let paths = writes(&calls).iter().map(|(path, _)| (*path).to_owned()).collect();
    (paths, scene.lead("018f"), scene.lead(&second.id))
}

#[tokio::test]
async fn an_order_that_is_sent_twice_is_one_deal_and_two_notes() {
    let second = Lead { received_at: clock::now() + TimeDelta::minutes(5), ..order("0190") };
    let (writes, first, again) = ordered_twice(second.clone(), 142).await;
    assert_eq!((first.status, first.crm.stage), (LeadStatus::InCrm, Some(142)));
    assert_eq!(writes, ["leads/60/notes"]);
    assert_eq!(
        (again.status, again.crm.deal, again.crm.stage),
        (LeadStatus::InCrm, first.crm.deal, Some(142))
    );

    let (writes, ..) = ordered_twice(second.clone(), 143).await;
    assert_eq!(writes[0], "leads/complex", "someone has closed the deal otherwise: this is another order");
    let late = Lead { received_at: clock::now() + TimeDelta::minutes(61), ..second };
    let (writes, ..) = ordered_twice(late, 142).await;
    assert_eq!(writes[0], "leads/complex");
}

#[tokio::test]
async fn who_waits_for_an_earlier_lead_of_the_person_is_out_of_the_sweepers_reach_meanwhile() {
    for (age, messages) in [(TimeDelta::minutes(2), 1), (TimeDelta::minutes(6), 0)] {
        let second = Lead { received_at: clock::now() - age, ..lead("0190") };
        let first = Lead { received_at: second.received_at - TimeDelta::seconds(1), ..lead("018f") };
        let scene = scene(&[first, second], |_| None);
        let now = clock::now();
        scene.works("0190").await;
        let calls = scene.world.calls();
        assert!(writes(&calls).is_empty(), "the earlier one goes first");
        assert_eq!(World::queued(&calls).len(), messages);
        assert!(scene.due_at("0190").unwrap() >= now + GRACE - TimeDelta::seconds(1));
    }
}

#[tokio::test]
async fn again_does_nothing_to_a_lead_that_is_done() {
    let scene = scene(&[Lead { status: LeadStatus::InCrm, ..lead("018f") }], |_| None);
    scene.works_again("018f").await;
    assert!(writes(&scene.world.calls()).is_empty());
    assert_eq!(scene.lead("018f").status, LeadStatus::InCrm);
}

/// What becomes of a lead where a write of this item of the settings is refused, as far as `is_lost` says so of its place
/// among them.
async fn without(pk: &'static str, mut is_lost: impl FnMut(usize) -> bool + Send + 'static) -> (Lead, usize) {
    let mut written = 0;
    let scene = scene(&[lead("018f")], move |call| match call.name.strip_prefix("DynamoDB_20120810.")? {
        "GetItem" if call.body["Key"]["pk"]["S"] == "breaker#amocrm" => {
            let failing = json!({"openings": 0, "since": null, "state": "closed", "failures": 2});
            Some(json!({"Item": {"document": {"S": failing.to_string()}, "version": {"N": "3"}}}))
        }
        "PutItem" if call.body["Item"]["pk"]["S"] == pk => {
            written += 1;
            is_lost(written).then(|| json!({"__type": "com.amazon#AccessDeniedException", "message": "no"}))
        }
        _ => None,
    });
    scene.works("018f").await;
    let calls = scene.world.calls();
    (scene.lead("018f"), calls.iter().filter(|call| is_new_deal(call)).count())
}

#[tokio::test]
async fn an_answer_counts_though_what_it_came_to_cannot_be_noted() {
    // Each call takes a slot, and then hands it back.
    for (pk, handing_back) in [("rate#amocrm", true), ("breaker#amocrm", false)] {
        let (lead, deals) = without(pk, move |place| !handing_back || place % 2 == 0).await;
        assert_eq!((lead.status, deals), (LeadStatus::InCrm, 1), "{pk}");
    }
}

/// Works on a lead that someone else writes as `theirs` while its deal is made, so that storing the deal comes too late.
async fn written_meanwhile(theirs: impl Fn(Lead) -> Lead + Send + 'static) -> (Scene, Vec<Call>) {
    let (mut present, mut is_made, mut is_late) = (None, false, false);
    let scene = scene(&[lead("018f")], move |call| {
        is_made |= is_new_deal(call);
        let operation = call.name.strip_prefix("DynamoDB_20120810.")?;
        match operation {
            "PutItem" if is_made && !is_late && call.body["Item"]["pk"]["S"] == "lead#018f" => {
                is_late = true;
                let read = serde_json::from_str(call.body["Item"]["document"]["S"].as_str()?).unwrap();
                let other = theirs(Lead { crm: CrmJob::default(), ..read });
                present = Some(json!({"Item": item(&leads::item(&other, None).unwrap())}));
                Some(
                    json!({"__type": "com.amazonaws.dynamodb#ConditionalCheckFailedException", "message": "no"}),
                )
            }
            "GetItem" if call.body["Key"]["pk"]["S"] == "lead#018f" => present.take(),
            _ => None,
        }
    });
    scene.works("018f").await;
    let calls = scene.world.calls();
    (scene, calls)
}

#[tokio::test]
async fn a_deal_that_was_made_is_stored_though_the_lead_was_put_off_meanwhile() {
    let said = |lead: Lead| Lead {
        version: 7,
        crm: CrmJob { attempts: 3, last_error: Some("was down".to_owned()), ..CrmJob::default() },
        ..lead
    };
    let (scene, calls) = written_meanwhile(said).await;
    let done = scene.lead("018f");
    assert_eq!((done.status, done.crm.attempts, done.version), (LeadStatus::InCrm, 4, 9));
    assert_eq!(done.crm.deal.unwrap().lead, 60);
    assert_eq!(calls.iter().filter(|call| is_new_deal(call)).count(), 1);
}

#[tokio::test]
async fn a_lead_that_someone_else_has_settled_is_left_as_it_is() {
    let settled = |lead| Lead { status: LeadStatus::InCrm, version: 7, ..lead };
    let (_, calls) = written_meanwhile(settled).await;
    let written = writes(&calls);
    assert!(written.iter().all(|(path, _)| *path == "leads/complex"), "{written:?}");
    assert_eq!(World::queued(&calls)[0].1, json!({"lead_id": "018f"}), "the next attempt looks first");
}

#[tokio::test]
async fn the_same_warning_is_kept_once_however_many_requests_bring_it() {
    // amoCRM takes no e-mail address, and fails once it is left out: the next attempt is told the same.
    let mut refusals = 0;
    let scene = scene(&[lead("018f")], move |call| {
        let contact = call.body.pointer("/0/_embedded/contacts/0/custom_fields_values")?;
        let has_email = contact.as_array()?.len() > 1;
        refusals += i32::from(has_email);
        let mut refusal = wrong("0._embedded.contacts.0.custom_fields_values.1");
        refusal["title"] = json!(if refusals == 1 { "Bad Request" } else { "Bad Request once more" });
        let fails = json!({"__type": "", "title": "Bad Request", "status": refusals});
        if has_email { Some(refusal) } else { (refusals < 2).then_some(fails) }
    });
    scene.works("018f").await;
    let warning = "amoCRM does not take the e-mail address for a contact \
        (0._embedded.contacts.0.custom_fields_values.1: InvalidType)";
    assert_eq!(scene.lead("018f").crm.warning.as_deref(), Some(warning));
    scene.works("018f").await;
    let done = scene.lead("018f");
    assert_eq!((done.status, done.crm.warning.as_deref()), (LeadStatus::InCrm, Some(warning)));
}
