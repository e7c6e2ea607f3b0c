//! Cold starts: from the process's start to its first request for an event, and that event.

use std::collections::BTreeMap;

use crate::{
    error::Result,
    nanoseconds,
    stage::Stage,
    stats::median,
    subject::{Role, Subject, Work},
};

/// Starts of each program that count; one more before them fills the page cache.
const STARTS: usize = 25;

/// Medians in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Cold {
    /// Start to first request.
    pub init: u64,
    /// The first event, handed over to answered.
    pub first: u64,
}

/// Starts every program many times, in turns.
pub async fn cold(subjects: &[Subject]) -> Result<BTreeMap<Role, Cold>> {
    let mut samples: BTreeMap<Role, (Vec<u64>, Vec<u64>)> = BTreeMap::new();
    for round in 0..=STARTS {
        for subject in subjects {
            let mut stage = Stage::start(&subject.program).await?;
            let answer = stage.invoke(Subject::event(Work::NewSale, 0)).await?;
            if round > 0 {
                let (init, first) = samples.entry(subject.role).or_default();
                init.push(nanoseconds(stage.init));
                first.push(nanoseconds(answer.took));
            }
            stage.stop().await?;
        }
    }
    let medians = |(role, (init, first))| (role, Cold { init: median(init), first: median(first) });
    Ok(samples.into_iter().map(medians).collect())
}
