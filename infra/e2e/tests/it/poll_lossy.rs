//! amoCRM loses hooks, holds them back, doubles and swaps them. `E2E_DEALS=500` makes so many deals.

use std::collections::BTreeSet;

use e2e::books::{self, Books};
use e2e::clock;
use e2e::dealing::{Dealing, NEW, Sold};
use e2e::hook::{LOST, WON};
use e2e::proof::{Delivery, Proof};
use e2e::subscription::{self, Telling};
use e2e::{Crm, poll};
use serde_json::json;

const DEALS: usize = 2_000;
/// The healed list shows no more than some hundreds at once.
const ROUND: usize = 500;
/// So many deals' hooks arrive within the deadline of a wait.
const PORTION: usize = 100;
const DAYS: u64 = 5;
const PRICES: [i64; 3] = [5_000, 490_000, 120_000];
/// Another sort of life, from being made to being thrown away, for each of so many deals.
const LIVES: usize = 20;
/// The lives that end in the bin, and the ones that come back from there.
const GONE: usize = 18;
const TAKEN_BACK: usize = 19;
const KINDS: [&str; 4] = ["add_lead", "status_lead", "delete_lead", "restore_lead"];

/// Does with a deal of the past what its life is. What has no hook of its own is returned: when the price alone changed.
async fn live(dealing: &mut Dealing, life: usize, at: i64) -> Option<i64> {
    let step = |n: i64| at + n * 600;
    match life {
        0..=3 => {}
        4..=10 => dealing.moves(step(1), WON).await,
        11 | 12 => dealing.moves_at_price(step(1), WON, 450_000).await,
        13 => {
            dealing.moves(step(1), WON).await;
            dealing.moves(step(2), LOST).await;
        }
        14 => {
            dealing.moves(step(1), WON).await;
            dealing.moves(step(2), LOST).await;
            // On the next day.
            dealing.moves(step(144), WON).await;
        }
        15 => {
            dealing.moves(step(1), WON).await;
            dealing.costs(step(2), 455_000).await;
            return Some(step(2));
        }
        16 => {
            dealing.moves(step(1), WON).await;
            dealing.moves(step(2), NEW).await;
        }
        17 => dealing.moves(step(1), LOST).await,
        _ => dealing.moves(step(1), WON).await,
    }
    None
}

/// What nobody has told so far, by deal and time.
fn untold(told: &[Telling]) -> BTreeSet<(u64, i64)> {
    told.iter().filter(|hook| !hook.arrived).map(|hook| (hook.lead, hook.at)).collect()
}

/// What the hooks of deals are to be measured as.
fn measured(told: &[Telling]) -> Delivery {
    let seen = told.iter().filter(|hook| hook.arrived).count();
    Delivery { changes: i64::try_from(told.len()).unwrap(), hooks_seen: i64::try_from(seen).unwrap() }
}

/// Makes deals and lives their lives, while amoCRM tells of it badly; the prices that no hook tells of.
async fn deal_with(crm: &Crm, dealings: &mut [Dealing]) -> BTreeSet<(u64, i64)> {
    let mut priced = BTreeSet::new();
    let badly = json!({"lose": 10, "hold": 10, "swap": 10, "duplicate": 10});
    subscription::subscribe(&KINDS, &badly).await;
    for some in dealings.chunks_mut(PORTION) {
        books::make(crm, some).await;
        for (n, dealing) in some.iter_mut().enumerate() {
            let at = dealing.made_at();
            priced.extend(live(dealing, n % LIVES, at).await.map(|at| (dealing.id, at)));
        }
        subscription::until_arrived().await;
    }
    for (n, dealing) in dealings.iter_mut().enumerate() {
        if n % LIVES == GONE {
            dealing.goes().await;
        }
    }
    subscription::until_arrived().await;
    // The hook of a deletion has no time of its own, so one that comes after the deal was taken back is another deletion.
    subscription::subscribe(&KINDS, &json!({"lose": 10, "duplicate": 10})).await;
    for (n, dealing) in dealings.iter_mut().enumerate() {
        if n % LIVES == TAKEN_BACK {
            dealing.goes().await;
        }
    }
    subscription::until_arrived().await;
    for (n, dealing) in dealings.iter_mut().enumerate() {
        if n % LIVES == TAKEN_BACK {
            dealing.returns().await;
        }
    }
    subscription::until_arrived().await;
    books::assert_made(crm, dealings).await;
    priced
}

/// Whether a hook tells of the test's own days: what is thrown away and taken back is that today, which is everybody's.
fn is_of_own_days(hook: &Telling) -> bool {
    !["delete_lead", "restore_lead"].contains(&hook.what.as_str())
}

/// Fails unless the hooks so far are measured as what they are.
async fn assert_measured(crm: &Crm, books: &Books<'_>, before: Delivery) {
    let mut told = subscription::told().await;
    told.retain(is_of_own_days);
    let shown = Proof::of(&crm.stack, &books.period()).await.delivery().less(before);
    assert_eq!(shown, measured(&told));
}

#[tokio::test]
async fn after_the_poll_the_ledger_is_amocrms_and_every_change_that_no_hook_told_of_is_named() {
    let crm = Crm::open().await;
    let from = poll::begin(&crm, DAYS + 1).await;
    let books = Books::open(&crm.stack, from, DAYS + 1).await;
    let count = e2e::env::number("E2E_DEALS").unwrap_or(DEALS);
    let first = crm.id(0) + 2_000;
    let mut dealings: Vec<Dealing> = (0..count as u64)
        .zip(PRICES.iter().flat_map(|price| [*price; 5]).cycle())
        .map(|(n, price)| {
            Dealing::new(first + n, from.plus(n % DAYS).at(5, 0, (n / DAYS % 60) as u32), price)
        })
        .collect();
    let before = Proof::of(&crm.stack, &books.period()).await.delivery();
    for start in (0..count).step_by(ROUND) {
        let end = count.min(start + ROUND);
        let priced = deal_with(&crm, &mut dealings[start..end]).await;
        let of_round: BTreeSet<u64> = dealings[start..end].iter().map(|dealing| dealing.id).collect();
        let mut told = subscription::told().await;
        told.retain(|hook| of_round.contains(&hook.lead) && is_of_own_days(hook));
        poll::look_back_to(from.at(0, 0, 0)).await;
        poll::good().await;
        let mut healed = Proof::of_month(&crm.stack).await.healed();
        let today = clock::now().timestamp() - 86_400;
        healed.retain(|(lead, at)| of_round.contains(lead) && *at < today);
        let expected: BTreeSet<(u64, i64)> = untold(&told).into_iter().chain(priced).collect();
        let differing: Vec<_> = healed.symmetric_difference(&expected).collect();
        assert!(differing.is_empty(), "{} of {} differ: {differing:?}", differing.len(), expected.len());
        books.assert_equal(&dealings[..end]).await;
        assert_measured(&crm, &books, before).await;
        // Two hours later, the newest first; those of all rounds at once would not arrive within the deadline of a wait.
        assert!(subscription::release().await > 0, "none was held back");
        books.assert_equal(&dealings[..end]).await;
        assert_measured(&crm, &books, before).await;
    }
    let proof = Proof::of(&crm.stack, &books.period()).await;
    proof.assert_green();
    let sold: Vec<Sold> = dealings.iter().filter_map(Dealing::sold).filter(|sold| books.has(sold)).collect();
    proof.assert_equal(&sold);
    // Once more over all of it. What came late is confirmed, which is stored; nothing is found.
    poll::look_back_to(from.at(0, 0, 0)).await;
    let again = poll::good().await;
    for nothing in ["healed", "recorded"] {
        assert_eq!(again[nothing], 0, "{nothing}: {again}");
    }
    books.assert_equal(&dealings).await;
    assert_measured(&crm, &books, before).await;
    crm.end().await;
}
