//! Warm events: time, processor time, AWS calls; and the memory after all of them.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    aws::Calls,
    error::Result,
    nanoseconds,
    proc::Memory,
    stage::Stage,
    stats::median,
    subject::{Role, Subject, Work},
};

/// How long AWS takes for a call, in milliseconds.
pub const DELAYS_MS: [u64; 2] = [0, 3];
/// Events of each kind before anything counts; a JIT needs them more than we do.
const WARM_UP: usize = 400;
/// Turns that every program gets with every kind of event and every delay.
const ROUNDS: usize = 12;
/// Events in one turn.
const TURN: usize = 50;

/// Medians in nanoseconds over all turns, and the most calls that any event made.
#[derive(Clone, Debug, Default)]
pub struct Warm {
    /// An event, handed over to answered.
    pub wall: u64,
    /// The same without the time that AWS held its calls.
    pub own: u64,
    /// Processor time per event.
    pub cpu: u64,
    /// The worst event's calls.
    pub calls: Calls,
}

/// Everything that was measured warm.
#[derive(Debug, Default)]
pub struct WarmFigures {
    /// By program, kind of event and delay in milliseconds.
    pub by_work: BTreeMap<(Role, Work, u64), Warm>,
    /// After the last event.
    pub memory: BTreeMap<Role, Memory>,
    /// The first answer of a program that was not the right one.
    pub wrong: BTreeMap<Role, String>,
}

#[derive(Default)]
struct Samples {
    wall: Vec<u64>,
    own: Vec<u64>,
    cpu: Vec<u64>,
    calls: Calls,
}

struct Player<'a> {
    subject: &'a Subject,
    stage: Stage,
    /// Sales that were sent, so that the next is a new one.
    sales: u64,
    wrong: Option<String>,
}

/// Starts all programs once and lets them work in turns.
pub async fn warm(subjects: &[Subject]) -> Result<WarmFigures> {
    let mut players = Vec::new();
    for subject in subjects {
        let stage = Stage::start(&subject.program).await?;
        let mut player = Player { subject, stage, sales: 0, wrong: None };
        // Sale number 0, which the duplicates repeat, comes first.
        player.turn(Work::NewSale, 1, &mut Samples::default()).await?;
        for work in subject.works() {
            player.turn(*work, WARM_UP, &mut Samples::default()).await?;
        }
        players.push(player);
    }
    let mut samples: BTreeMap<(Role, Work, u64), Samples> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for delay in DELAYS_MS {
            for player in &mut players {
                player.stage.aws.set_delay(Duration::from_millis(delay));
                for work in player.subject.works() {
                    let samples = samples.entry((player.subject.role, *work, delay)).or_default();
                    player.turn(*work, TURN, samples).await?;
                }
            }
        }
    }
    let mut figures = WarmFigures::default();
    for (key, Samples { wall, own, cpu, calls }) in samples {
        figures.by_work.insert(key, Warm { wall: median(wall), own: median(own), cpu: median(cpu), calls });
    }
    for player in players {
        figures.memory.insert(player.subject.role, player.stage.memory()?);
        figures.wrong.extend(player.wrong.map(|answer| (player.subject.role, answer)));
        player.stage.stop().await?;
    }
    Ok(figures)
}

impl Player<'_> {
    async fn turn(&mut self, work: Work, events: usize, samples: &mut Samples) -> Result<()> {
        let before = self.stage.cpu_time()?;
        for _ in 0..events {
            let event = Subject::event(work, self.sales);
            if work != Work::Duplicate {
                self.sales += 1;
            }
            let answer = self.stage.invoke(event).await?;
            samples.wall.push(nanoseconds(answer.took));
            samples.own.push(nanoseconds(answer.took.saturating_sub(self.stage.aws.take_held())));
            samples.calls.worst(&self.stage.aws.take_calls());
            if let Err(wrong) = self.subject.judge(work, &answer.body) {
                self.wrong.get_or_insert(format!("{work}: {wrong}"));
            }
        }
        let used = nanoseconds(self.stage.cpu_time()?.saturating_sub(before));
        samples.cpu.push(used / u64::try_from(events).unwrap_or(1));
        Ok(())
    }
}
