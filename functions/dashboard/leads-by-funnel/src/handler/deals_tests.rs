use chrono::DateTime;
use serde_json::{Value, json};
use shared::domain::crm::account::{Pipeline, Stage};
use shared::domain::day::Day;
use shared::domain::deal_counts::DealCountKey;
use shared::domain::stage::{LOST, WON};
use shared::domain::team::TeamId;

use super::*;

fn names() -> PipelineNames {
    let stage =
        |(id, name): (u64, &str)| Stage { id, name: name.to_owned(), sort: 0, kind: i64::from(id == 11) };
    let pipeline = |id, name: &str, stages: &[(u64, &str)]| Pipeline {
        id,
        name: name.to_owned(),
        is_main: false,
        stages: stages.iter().copied().map(stage).collect(),
    };
    let closed = [(WON, "Оплачено"), (LOST, "Нет")];
    let integrator = [&[(11, "Неразобранное"), (12, "Новая")], closed.as_slice()].concat();
    let pipelines = [pipeline(20, "Integrator", &integrator), pipeline(10, "Express", &closed)];
    PipelineNames::of(&pipelines, DateTime::UNIX_EPOCH)
}

fn counts(stages: &[(Option<&str>, &str, u64, u64, i64)]) -> DealCounters {
    let count = |(team, day, pipeline, stage, count): &(Option<&str>, &str, u64, u64, i64)| {
        let (team, day) = (team.map(TeamId::new), Day::parse(day).unwrap());
        (DealCountKey { team, day, pipeline: *pipeline, stage: *stage }, *count)
    };
    stages.iter().map(count).collect()
}

fn told(counts: &DealCounters, names: &PipelineNames, asked: Option<StageKind>) -> Value {
    let pipelines = by_pipeline(counts, names, asked);
    json!({"deals": Deals::of(&pipelines), "pipelines": pipelines})
}

fn some() -> DealCounters {
    let (one, other) = ("2026-11-19", "2026-11-20");
    counts(&[
        (Some("muha"), one, 20, 12, 5),
        (Some("muha"), other, 20, 12, 2),
        (None, other, 20, 12, 1),
        (None, other, 20, WON, 3),
        (None, other, 20, 19, 4),
        (Some("arystan"), one, 30, LOST, 1),
        (Some("arystan"), one, 30, 31, 2),
    ])
}

#[test]
fn pipelines_stand_in_amocrms_order_and_what_has_no_name_comes_last() {
    insta::assert_json_snapshot!(told(&some(), &names(), None));
}

#[test]
fn a_kind_leaves_only_its_stages() {
    let told = told(&some(), &names(), Some(StageKind::Won));
    assert_eq!(told["deals"], json!({"count": 3, "by_status": {"open": 0, "won": 3, "lost": 0}}));
    let won = json!({"stage_id": 142, "name": "Оплачено", "kind": "won", "deals": 3});
    let integrator = json!({"pipeline_id": 20, "name": "Integrator", "deals": 3, "stages": [won]});
    assert_eq!(told["pipelines"][0], integrator);
}

#[test]
fn before_amocrm_was_read_there_is_nothing_to_show() {
    let told = told(&DealCounters::new(), &PipelineNames::default(), None);
    let nothing = json!({"count": 0, "by_status": {"open": 0, "won": 0, "lost": 0}});
    assert_eq!(told, json!({"deals": nothing, "pipelines": []}));
}
