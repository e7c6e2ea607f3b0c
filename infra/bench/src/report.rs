//! Prints the figures and the budgets.

use crate::{
    budget::{Figures, Row, Verdict},
    measure::Pull,
    proc,
    stats::{mib, ms, us},
    subject::Subject,
};

/// Prints everything; says whether every budget was kept.
pub fn print(figures: &Figures, subjects: &[Subject]) -> bool {
    println!("\n{}\n", proc::machine());
    print_table(&figures_table(figures, subjects));
    println!();
    print_table(&pulls_table(&figures.pulls));
    println!();
    let rows = figures.rows();
    print_table(&budget_table(&rows));
    for wrong in figures.wrong_answers() {
        println!("\nwrong answer to a {wrong}");
    }
    let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let (over, void, not_run) = (count(Verdict::Over), count(Verdict::Void), count(Verdict::NotRun));
    println!("\n{} within budget, {over} over, {void} void, {not_run} not run", count(Verdict::Ok));
    over + void == 0
}

fn figures_table(figures: &Figures, subjects: &[Subject]) -> Vec<Vec<String>> {
    let head = [
        "program",
        "init",
        "first",
        "event",
        "AWS",
        "time",
        "own",
        "processor",
        "peak",
        "resident",
        "AWS calls",
    ];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    for subject in subjects {
        let cold = figures.cold.get(&subject.role);
        let memory = figures.warm.memory.get(&subject.role).copied().unwrap_or_default();
        let own = figures.warm.by_work.iter().filter(|((role, ..), _)| *role == subject.role);
        for ((_, work, delay), warm) in own {
            table.push(vec![
                subject.program.name.to_owned(),
                cold.map_or_else(String::new, |cold| ms(cold.init)),
                cold.map_or_else(String::new, |cold| ms(cold.first)),
                work.to_string(),
                if *delay == 0 { "at once".to_owned() } else { format!("{delay} ms") },
                us(warm.wall),
                us(warm.own),
                us(warm.cpu),
                mib(memory.peak_kib),
                mib(memory.resident_kib),
                warm.calls.to_string(),
            ]);
        }
    }
    table
}

fn pulls_table(pulls: &[Pull]) -> Vec<Vec<String>> {
    let head = ["facebook-pull", "rows", "pages", "Graph calls", "idle", "peak", "pulled again"];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    table.extend(pulls.iter().map(|pull| {
        vec![
            format!("{} × {} days × {} ads", pull.size.accounts, pull.size.days, pull.size.ads),
            pull.rows().to_string(),
            pull.pages().to_string(),
            pull.calls.to_string(),
            mib(pull.idle),
            mib(pull.first),
            mib(pull.again),
        ]
    }));
    table
}

fn budget_table(rows: &[Row]) -> Vec<Vec<String>> {
    let head = ["budget", "measured", "ratio", "limit", ""];
    let mut table = vec![head.map(str::to_owned).to_vec()];
    table.extend(rows.iter().map(|row| {
        let verdict = match row.verdict {
            Verdict::Ok => "ok",
            Verdict::Over => "OVER",
            Verdict::NotRun => "not run",
            Verdict::Shown => "",
            Verdict::Void => "void",
        };
        let cells = [&row.budget, &row.measured, &row.ratio, &row.limit];
        cells.into_iter().cloned().chain([verdict.to_owned()]).collect()
    }));
    table
}

/// Columns as wide as their widest cell.
fn print_table(table: &[Vec<String>]) {
    let columns = table.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for (number, row) in table.iter().enumerate() {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<0$}", *width)).collect();
        println!("{}", cells.join("  ").trim_end());
        if number == 0 {
            println!("{}", widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
        }
    }
}
