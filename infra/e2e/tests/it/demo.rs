//! The demo data: what its own arithmetic expects is what the dashboard shows, however often it is loaded.

use std::path::PathBuf;

use e2e::env::{env, root};
use e2e::figures::{self, Figures, NOBODY, PRODUCTS, Sum};
use e2e::{Caller, Stack};
use serde_json::Value;

/// A month that nothing else touches. The moment is fixed, so a run on the same stack finds the same deals.
const NOW: &str = "2025-02-20T23:59:59+05:00";
const FIRST: &str = "2025-01-21";
const LAST: &str = "2025-02-20";
const DAYS: &str = "31";

async fn seed(arguments: &[&str]) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("demo-env");
    let lines = ["BASE_URL", "WEBHOOK_KEY"].map(|name| format!("{name}={}\n", env().get(name)));
    std::fs::write(&file, lines.concat()).unwrap();
    let mut command = tokio::process::Command::new("python3");
    command.arg(root().join("infra/demo/seed.py")).arg("--env").arg(&file);
    command.args(["--now", NOW, "--days", DAYS]).args(arguments).current_dir(root());
    let output = command.output().await.expect("python3");
    std::fs::remove_file(&file).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// `Done in 12.3 s: duplicate 3, recorded 7` as pairs.
fn outcomes(text: &str) -> Vec<(&str, u64)> {
    let line = text.lines().find(|line| line.starts_with("Done in")).expect("a summary");
    let (_, list) = line.split_once(": ").expect("outcomes");
    list.split(", ")
        .map(|part| part.split_once(' ').unwrap())
        .map(|(name, n)| (name, n.parse().unwrap()))
        .collect()
}

fn sum(row: &Value) -> Sum {
    let number = |name: &str| row[name].as_i64().expect("a number");
    Sum {
        count: number("count"),
        revenue: number("revenue"),
        cancelled: number("cancelled"),
        cancelled_revenue: number("cancelled_revenue"),
    }
}

#[tokio::test]
async fn the_dashboard_shows_what_the_demo_expects_and_a_second_load_changes_nothing() {
    let stack = Stack::open().await;
    seed(&[]).await;
    let expected: Value =
        serde_json::from_str(&seed(&["--expect", "--from", FIRST, "--to", LAST]).await).unwrap();
    let mut by_team_and_product = Figures::new();
    for product in PRODUCTS {
        for (team, row) in expected["by_product_and_team"][product].as_object().into_iter().flatten() {
            let team = if team == NOBODY { NOBODY } else { team };
            by_team_and_product.insert((team.to_owned(), product.to_owned()), sum(row));
        }
    }
    by_team_and_product.retain(|_, sum| *sum != Sum::default());
    assert!(by_team_and_product.len() >= 10, "a month of the demo has sales of every team: {expected}");
    // The funnel, the totals and the rows agree with each other and with the demo.
    assert_eq!(figures::of(&stack, FIRST, LAST).await, by_team_and_product);

    let path = format!("/api/traffic-dashboard/sales/total?from={FIRST}&to={LAST}");
    let total = stack.get(&Caller::Admin, &path).await.ok();
    assert_eq!(Sum::shown(&total), sum(&expected["total"]));
    for row in total["by_day"].as_array().unwrap() {
        let of_demo = &expected["by_day"][row["day"].as_str().unwrap()];
        assert_eq!(Sum::shown(row), if of_demo.is_null() { Sum::default() } else { sum(of_demo) }, "{row}");
    }

    let again = seed(&[]).await;
    for (outcome, count) in outcomes(&again) {
        // What has no time of its own is a new event that changes nothing.
        assert!(matches!(outcome, "duplicate" | "ignored"), "{count} {outcome} in a second load");
    }
    assert_eq!(figures::of(&stack, FIRST, LAST).await, by_team_and_product);
    e2e::rebuild::assert_no_difference(FIRST, LAST).await;
}
