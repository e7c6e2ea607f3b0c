//! `make bench`: measures our functions against a bare one, an empty one and the same job written for Node, over the
//! Lambda Runtime API, and says which budgets hold. README.md tells how and where the method ends.

mod aws;
mod budget;
mod clock;
mod error;
mod events;
mod measure;
mod prepare;
mod proc;
mod programs;
mod report;
mod sandbox;
mod stage;
mod stats;
mod subject;

use std::{fs::File, process::ExitCode, time::Duration};

use self::{
    budget::Figures,
    error::Doing,
    measure::{Pullers, Size},
    programs::Program,
    subject::{Role, Subject},
};

/// Accounts, days and ads of what is pulled: the budget's; then one account with ever more rows, of more ads and of as
/// many.
const PULLS: [(u64, u64, u64); 6] =
    [(100, 28, 50), (1, 28, 50), (1, 1, 1_000), (1, 28, 1_000), (1, 1, 3_000), (1, 28, 3_000)];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match bench().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("bench: {cause}");
            ExitCode::FAILURE
        }
    }
}

/// Says whether every budget was kept.
async fn bench() -> error::Result<bool> {
    let folder = prepare::binaries()?;
    let node = prepare::node(&folder);
    let hook = Program::binary("hook", "amocrm-sales-webhook", &folder);
    let reader = Program::binary("funnel", "funnel", &folder);
    let mut subjects = vec![
        Subject { role: Role::Empty, program: Program::binary("empty", "bench-empty", &folder) },
        Subject { role: Role::Bare, program: Program::binary("bare", "bench-bare", &folder) },
        Subject { role: Role::Hook, program: hook.clone() },
    ];
    let no_node = node.as_ref().err().cloned();
    subjects.extend(node.ok().map(|program| Subject { role: Role::Node, program }));

    let pullers = Pullers::start(&folder).await?;
    let programs = subjects.iter().map(|subject| &subject.program).chain([&reader]);
    for program in programs.chain(pullers.programs()) {
        File::create(&program.log).doing(format!("empty {}", program.log.display()))?;
    }
    eprintln!("cold starts");
    let cold = measure::cold(&subjects).await?;
    eprintln!("warm events");
    let warm = measure::warm(&subjects).await?;
    eprintln!("sizes and reads");
    let mut zips = Vec::new();
    for package in ["amocrm-sales-webhook", "funnel"].into_iter().chain(prepare::SPEND) {
        zips.push((package, measure::zipped(&folder.join(package))?));
    }
    let funnel = measure::funnel(&hook, &reader).await?;
    eprintln!("pulls of spend");
    let mut pulls = Vec::new();
    for (accounts, days, ads) in PULLS {
        pulls.push(pullers.pull(Size { accounts, days, ads }).await?);
    }

    Ok(report::print(&Figures { cold, warm, zips, funnel, pulls, no_node }, &subjects))
}

/// A duration as the whole number that medians are taken of.
fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
