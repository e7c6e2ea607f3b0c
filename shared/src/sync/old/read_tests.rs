use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::*;
use crate::domain::deal::Deal;
use crate::domain::email::Email;
use crate::domain::lead::{Form, Lead, LeadStatus};
use crate::domain::old::lead::Unfit;
use crate::domain::phone::Phone;
use crate::domain::sale::{Sale, State};
use crate::domain::sample_leads::lead;
use crate::edge::landing::filled;
use crate::sync::old::wiring::stand_in::{Lacks, Scene, scene, scene_that, unconfigured};

const LEADS: &str = "landing_leads";
const COPIES: &str = "unified_lead_tracking";

fn minutes_ago(minutes: i64) -> DateTime<Utc> {
    clock::now() - TimeDelta::minutes(minutes)
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A row of one person.
fn row(id: &str, source: &str, at: DateTime<Utc>) -> Value {
    json!({"id": id, "name": "Айгүл", "phone": "8 777 388 68 80", "email": "a@b.kz", "source": source,
        "created_at": text(at)})
}

fn with(mut row: Value, more: Value) -> Value {
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

/// A form of the same person that our own intake has received.
fn own(id: &str, form: Form, at: DateTime<Utc>) -> Lead {
    Lead {
        form,
        phone: Phone::parse("+77773886880").unwrap(),
        email: Email::parse("a@b.kz").unwrap(),
        received_at: at,
        ..lead(id, "express")
    }
}

fn also(scene: &Scene) -> Vec<Vec<String>> {
    scene.store.leads().into_iter().map(|lead| lead.also).collect()
}

#[tokio::test]
async fn rows_become_leads_that_nobody_is_told_of_and_a_second_run_changes_nothing() {
    let scene = scene();
    scene.rows.add(LEADS, with(row("a", "arystan", minutes_ago(5_000)), json!({"amocrm_lead_id": "77"})));
    scene.rows.add(LEADS, row("b", "proftest_muha", minutes_ago(4_000)));
    scene.rows.add(LEADS, with(row("c", "express", minutes_ago(3_000)), json!({"phone": "12"})));
    for run in 0..2 {
        let report = scene.read(Table::Landing).await;
        assert_eq!(report.ended, Ended::Done, "{run}");
        let statistics = report.statistics;
        assert_eq!((statistics.synced, statistics.reasons), (1, [(Unfit::BadPhone, 1)].into()), "{run}");
        assert_eq!(statistics.examples.len(), 1);
    }
    assert_eq!(scene.read(Table::Proftest).await.statistics.synced, 1);
    let leads = scene.store.leads();
    assert_eq!(leads.iter().map(|lead| lead.form).collect::<Vec<_>>(), [Form::Express, Form::Proftest]);
    assert!(leads.iter().all(|lead| lead.status == LeadStatus::Imported));
    assert_eq!((leads[0].also.clone(), scene.store.counted()), (vec!["landing:a".to_owned()], 2));
    let deals: Vec<Deal> = scene.store.documents("sales", "deal");
    assert_eq!((deals[0].lead, deals[0].leads[0].lead_id.as_str()), (77, leads[0].id.as_str()));
}

#[tokio::test]
async fn a_copy_and_its_original_are_one_lead_whichever_comes_first() {
    for first in [Table::Tripwire, Table::Landing] {
        let scene = scene();
        scene.rows.add(LEADS, row("a", "express", minutes_ago(5_010)));
        let copy = json!({"source_lead_id": "a", "source_campaign": "express"});
        scene.rows.add(COPIES, with(row("t", "landing", minutes_ago(5_000)), copy));
        scene.read(first).await;
        scene.read(Table::Landing).await;
        let report = scene.read(Table::Tripwire).await;
        assert_eq!(
            (also(&scene), scene.store.counted()),
            (vec![vec!["landing:a".to_owned()]], 1),
            "{first:?}"
        );
        assert_eq!(report.statistics.synced, 1);
    }
}

#[tokio::test]
async fn a_copy_that_names_no_original_is_the_lead_of_that_time_whichever_comes_first() {
    for first in [Table::Tripwire, Table::Landing] {
        let scene = scene();
        scene.rows.add(LEADS, row("a", "express", minutes_ago(5_010)));
        scene.rows.add(COPIES, row("t", "express", minutes_ago(5_000)));
        scene.read(first).await;
        scene.read(Table::Landing).await;
        scene.read(Table::Tripwire).await;
        let mut marks = also(&scene).concat();
        marks.sort();
        assert_eq!(
            (marks.as_slice(), scene.store.counted()),
            (&["landing:a".into(), "tripwire:t".into()][..], 1)
        );
        assert_eq!(scene.store.leads().len(), 1, "{first:?}");
    }
}

#[tokio::test]
async fn a_form_that_we_have_ourselves_is_not_counted_again_and_keeps_its_job() {
    let scene = scene();
    scene.store.put(&own("l-1", Form::Express, minutes_ago(5_001)));
    let job = scene.store.item_of("l-1")["due_at"].clone();
    scene.rows.add(LEADS, with(row("a", "express", minutes_ago(5_000)), json!({"amocrm_lead_id": 77})));
    assert_eq!(scene.read(Table::Landing).await.statistics.synced, 1);
    let leads = scene.store.leads();
    assert_eq!(
        (leads.len(), leads[0].status, leads[0].also.concat()),
        (1, LeadStatus::Waiting, "landing:a".into())
    );
    assert_eq!((scene.store.item_of("l-1")["due_at"].clone(), scene.store.counted()), (job, 0));
    let deals: Vec<Deal> = scene.store.documents("sales", "deal");
    assert_eq!(deals[0].leads[0].lead_id, "l-1");
}

#[tokio::test]
async fn another_form_another_person_and_another_time_are_other_leads() {
    let scene = scene();
    scene.store.put(&own("form", Form::Proftest, minutes_ago(5_000)));
    scene.store.put(&own("early", Form::Express, minutes_ago(5_011)));
    let other = Phone::parse("+77011234567").unwrap();
    let email = Email::parse("c@d.kz").unwrap();
    scene.store.put(&Lead { phone: other, email, ..own("person", Form::Express, minutes_ago(5_000)) });
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_000)));
    scene.read(Table::Landing).await;
    assert_eq!((scene.store.leads().len(), scene.store.counted()), (4, 1));
}

#[tokio::test]
async fn two_forms_within_minutes_are_two_rows_the_nearest_first() {
    let scene = scene();
    scene.store.put(&own("l-1", Form::Express, minutes_ago(5_006)));
    scene.store.put(&own("l-2", Form::Express, minutes_ago(5_000)));
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_005)));
    scene.rows.add(LEADS, row("b", "express", minutes_ago(5_001)));
    scene.rows.add(LEADS, row("c", "express", minutes_ago(5_003)));
    scene.read(Table::Landing).await;
    let leads = scene.store.leads();
    assert_eq!((leads.len(), scene.store.counted()), (3, 1));
    let also = |id: &str| leads.iter().find(|lead| lead.id == id).unwrap().also.concat();
    assert_eq!((also("l-1").as_str(), also("l-2").as_str()), ("landing:a", "landing:b"));
}

#[tokio::test]
async fn our_own_form_that_comes_after_its_row_makes_one_of_two() {
    let scene = scene();
    scene.rows.add(LEADS, with(row("a", "express", minutes_ago(5)), json!({"amocrm_lead_id": 77})));
    scene.read(Table::Landing).await;
    let imported = scene.store.leads()[0].clone();
    assert_eq!(scene.store.counted(), 1);
    scene.store.put(&own("l-1", Form::Express, minutes_ago(1)));
    for run in 0..2 {
        let statistics = scene.read(Table::Landing).await.statistics;
        let leads = scene.store.leads();
        assert_eq!((leads.len(), leads[0].id.as_str(), statistics.synced), (1, "l-1", 1), "{run}");
        assert_eq!(leads[0].also, ["landing:a"]);
        assert_eq!(scene.store.counted(), 0, "only what was imported had been counted here");
        assert!(scene.store.links().iter().all(|link| *link == "l-1"), "{:?}", scene.store.links());
    }
    let key = crate::store::lead_book::FormKey::of_import(Form::Express, "landing:a");
    let book = &scene.source().leads.book;
    assert_eq!(book.known(&key, clock::now()).await.unwrap().as_deref(), Some("l-1"));
    assert_ne!(imported.id, "l-1");
}

#[tokio::test]
async fn a_run_that_fails_half_way_goes_on_where_it_was_and_counts_each_row_once() {
    let mut calls = 0;
    let scene = scene_that(move |call| {
        let is_write = call.name.ends_with("TransactWriteItems");
        calls += usize::from(is_write);
        (is_write && (3..7).contains(&calls))
            .then(|| json!({"__type": "ValidationException", "message": "no"}))
    });
    // Of one person, so that no call is given up half-way because another has failed.
    for id in 0..9 {
        scene.rows.add(LEADS, row(&format!("r{id}"), "express", minutes_ago(5_000 - id)));
    }
    let mut failed = 0;
    while scene.read_in(Table::Landing, Duration::from_secs(300)).await.is_err() {
        failed += 1;
    }
    let statistics = scene.read(Table::Landing).await.statistics;
    assert!(failed > 0);
    assert_eq!((statistics.synced, scene.store.leads().len(), scene.store.counted()), (9, 9, 9));
}

#[tokio::test]
async fn without_time_nothing_is_read_and_nothing_lost() {
    let scene = scene();
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_000)));
    let report = scene.read_in(Table::Landing, Duration::from_secs(10)).await.unwrap();
    assert_eq!((report.ended, report.read), (Ended::OutOfTime, 0));
    assert_eq!(scene.read(Table::Landing).await.statistics.synced, 1);
}

#[tokio::test]
async fn a_row_of_a_time_to_come_waits_and_keeps_no_later_row_back() {
    let scene = scene();
    scene.rows.add(LEADS, row("ahead", "express", minutes_ago(-60)));
    assert_eq!(scene.read(Table::Landing).await.statistics.synced, 0);
    scene.rows.add(LEADS, row("now", "express", minutes_ago(0)));
    let report = scene.read(Table::Landing).await;
    assert_eq!((report.statistics.synced, also(&scene).concat()), (1, vec!["landing:now".to_owned()]));
}

#[tokio::test]
async fn sales_of_the_past_are_told_to_the_ledger_once() {
    let scene = scene();
    let sale = |id: &str, deal: u64| {
        json!({"id": id, "deal_id": deal, "status_id": 142, "amount": "5000.00", "currency": "KZT",
            "utm_campaign": "onai2", "sale_date": "2025-03-15T05:00:00", "created_at": text(minutes_ago(5_000))})
    };
    scene.rows.add("express_course_sales", sale("a", 77));
    scene.rows.add("express_course_sales", with(sale("b", 78), json!({"deal_id": null})));
    for _ in 0..2 {
        let statistics = scene.read(Table::ExpressSales).await.statistics;
        assert_eq!((statistics.synced, statistics.reasons), (1, [(Unfit::NoDeal, 1)].into()));
    }
    let sales: Vec<Sale> = scene.store.documents("sales", "sale#");
    assert_eq!((sales.len(), sales[0].lead_id, sales[0].state), (1, 77, State::Active));
    assert_eq!(sales[0].team.as_ref().map(|team| team.to_string()).as_deref(), Some("muha"));
    assert!(scene.store.documents::<Value>("notifications", "").is_empty(), "the past is no news");
    assert_eq!(scene.read(Table::MainSales).await.statistics.total, 0);
}

#[tokio::test]
async fn what_the_database_refuses_is_kept_in_its_words_beside_what_was_counted() {
    let scene = scene();
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_000)));
    scene.read(Table::Landing).await;
    scene.rows.refuse(json!({"code": "42P01", "message": "no"}));
    let landing = scene.read(Table::Landing).await;
    assert_eq!((landing.ended, landing.statistics.synced), (Ended::Problem, 1));
    let said = landing.statistics.problem.unwrap().said();
    assert_eq!(said, "Database error: relation \"public.landing_leads\" does not exist");
}

#[tokio::test]
async fn a_database_that_does_not_count_is_read_all_the_same() {
    let scene = scene();
    scene.rows.lack(Lacks { range: true, ..Lacks::default() });
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_000)));
    scene.rows.add(LEADS, with(row("b", "express", minutes_ago(4_000)), json!({"phone": "12"})));
    for run in 0..2 {
        let report = scene.read(Table::Landing).await;
        let Statistics { total, synced, not_synced, .. } = report.statistics;
        assert_eq!((report.ended, total, synced, not_synced), (Ended::Done, 2, 1, 1), "{run}");
    }
}

#[tokio::test]
async fn a_row_without_a_time_is_named_and_not_waited_for() {
    let scene = scene();
    scene.rows.add(LEADS, row("a", "express", minutes_ago(5_000)));
    scene.rows.add(LEADS, with(row("b", "express", minutes_ago(4_000)), json!({"created_at": null})));
    scene.rows.add(LEADS, with(row("c", "proftest", minutes_ago(4_000)), json!({"created_at": null})));
    for (table, synced) in [(Table::Landing, 1), (Table::Landing, 1), (Table::Proftest, 0)] {
        let statistics = scene.read(table).await.statistics;
        let expected = (synced + 1, synced, [(Unfit::NoTime, 1)].into());
        assert_eq!((statistics.total, statistics.synced, statistics.reasons), expected, "{table:?}");
    }
}

#[tokio::test]
async fn a_table_that_keeps_no_times_is_read_by_id_each_time_anew() {
    let scene = scene();
    scene.rows.lack(Lacks { created_at: true, ..Lacks::default() });
    let timeless = |id: &str, at: Value| {
        with(row(id, "express", minutes_ago(0)), json!({"created_at": null, "updated_at": at}))
    };
    scene.rows.add(LEADS, timeless("b", text(minutes_ago(5_000)).into()));
    scene.rows.add(LEADS, timeless("c", Value::Null));
    for (run, id) in ["d", "a", "a"].into_iter().enumerate() {
        let report = scene.read(Table::Landing).await;
        let Statistics { total, synced, reasons, .. } = report.statistics;
        let expected = (Ended::Done, run as u64 + 2, run as u64 + 1, [(Unfit::NoTime, 1)].into());
        assert_eq!((report.ended, total, synced, reasons), expected, "{run}");
        if run < 2 {
            scene.rows.add(LEADS, timeless(id, text(minutes_ago(4_000 - run as i64 * 100)).into()));
        }
    }
    assert_eq!((scene.store.leads().len(), scene.store.counted()), (3, 3));
}

#[tokio::test]
async fn what_is_not_configured_is_no_error() {
    let scene = scene();
    let deadline = SystemTime::from(clock::now()) + Duration::from_secs(300);
    let report = unconfigured(&scene).read(Table::Landing, false, deadline).await.unwrap();
    assert_eq!(report.ended, Ended::NotConfigured);
    assert_eq!(report.statistics.problem.unwrap().message, "not configured");
}

#[test]
fn what_a_form_of_ours_says_a_row_says_too() {
    let body = json!({"name": "Айгүл", "phone": "8 777 388 68 80", "email": "a@b.kz",
        "metadata": {"link": "https://x.example/?utm_campaign=onai2", "utm_term": "v1"}});
    let form = filled(Form::Proftest, body.to_string().as_bytes()).unwrap();
    let place = crate::domain::old::row::RowId("a".to_owned());
    let row = crate::domain::old::lead::OldLead::read(
        crate::domain::old::lead::Origin::Landing,
        place,
        clock::now(),
        &Row::from(body),
    );
    let row = row.unwrap();
    assert_eq!((row.phone, row.email, row.readings), (form.phone, form.email, form.readings));
}
