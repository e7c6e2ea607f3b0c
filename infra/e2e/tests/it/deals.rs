//! What is one deal and what is not, and what a deal has to be to count.

use e2e::figures::{self, Sum, figures};
use e2e::hook::PAID;
use e2e::{Deal, Hook, Route, Stack, days, events};

use crate::history::{MUHA, sale, sends};

#[tokio::test]
async fn one_deal_that_buys_both_products_is_two_sales() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    sends(&stack, Hook::won(Route::Funnel, deal, day.noon()).campaign(MUHA), "recorded").await;
    sends(&stack, Hook::won(Route::Traffic, deal, day.noon() + 60).campaign(MUHA), "recorded").await;
    let expected =
        figures([("muha", "express", Sum::active(1, 5_000)), ("muha", "flagship", Sum::active(1, 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    sends(&stack, Hook::lost(Route::Sales, deal, day.noon() + 120).campaign(MUHA), "updated").await;
    let states = [sale(&stack, &deal.sale("express")).await, sale(&stack, &deal.sale("flagship")).await];
    assert!(states.iter().all(|sale| sale["state"] == "cancelled"), "a lost deal holds no sale: {states:?}");
}

#[tokio::test]
async fn the_same_lead_in_two_accounts_is_two_deals() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let (one, other) = (Deal::new(), Deal::new());
    for deal in [one, Deal { account: other.account, ..one }] {
        sends(&stack, Hook::won(Route::Traffic, deal, day.noon()).campaign(MUHA), "recorded").await;
    }
    assert_eq!(figures::of(&stack, day, day).await, figures([("muha", "flagship", Sum::active(2, 980_000))]));
}

#[tokio::test]
async fn a_deal_that_never_was_a_sale_has_no_page_and_counts_nowhere() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    sends(&stack, Hook::won(Route::Sales, deal, day.noon()).stage(PAID), "ignored stage").await;
    sends(&stack, Hook::lost(Route::Traffic, deal, day.noon()), "ignored lost").await;
    sends(&stack, Hook::deleted(Route::Funnel, deal), "ignored deleted").await;
    for product in figures::PRODUCTS {
        stack.sale(&deal.sale(product)).await.refused(404, "not_found");
    }
    assert!(figures::of(&stack, day, day).await.is_empty());
    assert_eq!(events::of_deal(deal).await.len(), 1, "the deal itself is kept, with no sale");
}
