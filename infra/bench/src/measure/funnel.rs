//! What a 30-day funnel over all teams reads, with few sales and with many.
//!
//! 1. Our hook records a thousand sales, spread over days, teams and products; our funnel is asked.
//! 2. The hook goes on to twenty thousand, after which every counter that can exist does exist; then every number in
//!    the counters is multiplied by fifty. That is the table after a million such sales. The funnel is asked again.

use std::sync::Arc;

use serde_json::Value;

use crate::{
    aws::Calls,
    error::Result,
    events::{self, Sale},
    programs::Program,
    stage::Stage,
};

const FEW: u64 = 1_000;
const RECORDED: u64 = 20_000;
const FACTOR: i64 = 50;
const DAYS: u64 = 30;
const FROM: &str = "2026-10-01";
const TO: &str = "2026-10-30";
/// Noon of the first day in Almaty.
const FIRST_NOON: u64 = 1_790_838_000;
/// One campaign per team, and one that belongs to nobody.
const CAMPAIGNS: [&str; 5] = ["nutrients_1", "arystan_1", "yourmarketolog_1", "smmmcwin_1", "unknown"];
const PRICES: [u64; 2] = [5_000, 490_000];

/// Read capacity of one answer, in halves of a unit, and whether the answer's sales are those that were recorded.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// At a thousand sales.
    pub few: Calls,
    /// At a million.
    pub many: Calls,
    /// What was wrong with an answer.
    pub wrong: Option<String>,
}

/// Runs both steps.
pub async fn funnel(hook: &Program, funnel: &Program) -> Result<Funnel> {
    let mut recorder = Stage::start(hook).await?;
    let mut reader = Stage::start_with(funnel, Arc::clone(&recorder.aws)).await?;
    record(&mut recorder, 0..FEW).await?;
    let (few, answer) = ask(&mut reader).await?;
    let mut wrong = judge(&answer, FEW);
    record(&mut recorder, FEW..RECORDED).await?;
    recorder.aws.multiply("bench-counters", FACTOR);
    let (many, answer) = ask(&mut reader).await?;
    wrong = wrong.or_else(|| judge(&answer, RECORDED * FACTOR.unsigned_abs()));
    recorder.stop().await?;
    reader.stop().await?;
    Ok(Funnel { few, many, wrong })
}

async fn record(recorder: &mut Stage, sales: std::ops::Range<u64>) -> Result<()> {
    for count in sales {
        let price = pick(&PRICES, count);
        let campaign = pick(&CAMPAIGNS, count / 2);
        let day = count / 10 % DAYS;
        // Lead ids of a busy account: rising, with gaps that follow no rule of ours.
        let lead = 30_300_000 + count * 7 + count * count % 5;
        let won_at = FIRST_NOON + day * 86_400;
        recorder.invoke(events::sales_hook(Sale { lead, campaign, price, won_at })).await?;
    }
    Ok(())
}

fn pick<T: Copy>(values: &[T], count: u64) -> T {
    let length = values.len();
    values[usize::try_from(count).unwrap_or(0) % length]
}

async fn ask(reader: &mut Stage) -> Result<(Calls, Value)> {
    drop(reader.aws.take_calls());
    let answer = reader.invoke(events::funnel(FROM, TO)).await?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let body = serde_json::from_str(body["body"].as_str().unwrap_or("null")).unwrap_or_default();
    Ok((reader.aws.take_calls(), body))
}

/// Says what is wrong when the two products' sales do not add up to `sales`.
fn judge(body: &Value, sales: u64) -> Option<String> {
    let stages = body["stages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let count = |stage: &str, metric: &str| {
        let found = stages.iter().find(|one| one["id"] == stage)?;
        found["metrics"][metric].as_u64()
    };
    let counted = count("express", "express_purchases").zip(count("flagship", "main_purchases"));
    match counted {
        Some((express, flagship)) if express + flagship == sales => None,
        Some((express, flagship)) => {
            Some(format!("funnel query: {express} + {flagship} sales instead of {sales}"))
        }
        None => Some(format!("funnel query: {body:.300}")),
    }
}
