//! Whatever is posted as a hook gets an answer that the OpenAPI document names, and what may matter is kept.

use e2e::events::Kept;
use e2e::hook::{PERSON, WON};
use e2e::{Answer, Deal, Hook, Route, Stack, events, form};
use serde_json::Value;

const MEBIBYTE: usize = 1024 * 1024;

/// Not an error of ours, in the document's words: taken in with results, or refused with details.
fn assert_named(answer: &Answer, what: &str) {
    match answer.status {
        200 => assert!(!answer.results().is_empty(), "{what}"),
        400 => drop(answer.invalid(&["body"; 8][..answer.json()["details"].as_array().unwrap().len()])),
        other => panic!("{what} is answered {other}: {}", answer.shown()),
    }
}

/// Text that no other body has.
fn unique() -> String {
    format!("u={:032x}", fastrand::u128(..))
}

#[tokio::test]
async fn a_body_above_one_mebibyte_is_too_large_and_up_to_it_is_not() {
    let stack = Stack::open().await;
    let hook = |size: usize| {
        let mut body = Hook::won(Route::Sales, Deal::new(), 1_300_000_000).body();
        body.extend(b"&padding=");
        body.resize(size, b'x');
        body
    };
    assert_eq!(stack.hook_body(Route::Sales, hook(MEBIBYTE)).await.outcome(), "recorded");
    let large = hook(MEBIBYTE + 1);
    for route in Route::ALL {
        stack.hook_body(route, large.clone()).await.refused(413, "payload_too_large");
    }
    assert!(!events::is_kept(&large).await, "too much to keep");
    // Past the gateway's own limit the gateway answers.
    stack
        .hook_body(Route::Sales, hook(10 * 1000 * 1000))
        .await
        .refused_by_gateway(413, "Request Entity Too Large");
}

#[tokio::test]
async fn a_body_that_holds_nothing_of_amocrms_is_refused_with_details_and_kept() {
    let stack = Stack::open().await;
    let page = |tag: &str| format!("<html><body>{tag} {PERSON}</body></html>").into_bytes();
    let bodies = [
        ("a page", page(&unique())),
        ("a form of something else", format!("name=x&phone=%2B77015550142&{}", unique()).into_bytes()),
        (
            "only an account",
            format!("account[id]=29600001&account[subdomain]=example&{}", unique()).into_bytes(),
        ),
        ("an empty list of leads", format!("leads=&leads[add]=&{}", unique()).into_bytes()),
        ("JSON of something else", format!("{{\"x\": \"{}\"}}", unique()).into_bytes()),
        ("broken JSON", format!("{{\"leads\": {{\"add\": [ {}", unique()).into_bytes()),
        ("a JSON list", format!("[{{\"leads\": \"{}\"}}]", unique()).into_bytes()),
        ("blanks", format!("   \r\n\t{}", unique()).into_bytes()),
        ("many pairs", format!("{}{}", unique(), "&a=1".repeat(100_000)).into_bytes()),
        ("a thousand brackets", format!("{}&leads{}=1", unique(), "[x]".repeat(1_000)).into_bytes()),
        (
            "JSON a thousand deep",
            format!("{}\"{}\"{}", "{\"leads\":".repeat(1_000), unique(), "}".repeat(1_000)).into_bytes(),
        ),
    ];
    for (what, body) in bodies {
        let answer = stack.hook_body(Route::Funnel, body.clone()).await;
        let refusal = answer.refused(400, "validation_error");
        let details = refusal["details"].as_array().unwrap();
        assert!(details.iter().all(|detail| detail["field"] == "body"), "{what}: {refusal}");
        let problems = details.iter().map(|detail| detail["problem"].as_str().unwrap().to_owned()).collect();
        let expected = [Kept { outcome: "quarantined".to_owned(), problems }];
        assert_eq!(events::kept(Route::Funnel, &body).await, expected, "{what}");
        // The same once more is the same refusal, kept once.
        let again = stack.hook_body(Route::Funnel, body.clone()).await.refused(400, "validation_error");
        assert_eq!(again["details"], refusal["details"], "{what}");
        assert_eq!(events::kept(Route::Funnel, &body).await, expected, "{what}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_pairs_about_a_lead_are_kept_and_not_half_read() {
    let stack = Stack::open().await;
    let deal = Deal::new();
    let body = [Hook::won(Route::Traffic, deal, 1_300_000_000).body(), b"&a=1".repeat(100_000)].concat();
    let result = stack.hook_body(Route::Traffic, body.clone()).await.result();
    assert_eq!(result["outcome"], "quarantined", "{result}");
    assert!(!result["problems"].as_array().unwrap().is_empty(), "{result}");
    assert!(events::is_kept(&body).await);
    stack.sale(&deal.sale("flagship")).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_too_deep_is_left_out_and_the_rest_of_the_lead_counts() {
    let stack = Stack::open().await;
    let deep = format!("leads[status][0]{}", "[x]".repeat(1_000));
    let hook = Hook::won(Route::Traffic, Deal::new(), 1_300_000_000).and_pairs(&[(&deep, "1")]);
    let result = stack.hook(&hook).await.result();
    assert_eq!(result["outcome"], "recorded", "{result}");
    assert_eq!(result["problems"].as_array().unwrap().len(), 1, "{result}");
}

#[tokio::test]
async fn a_lead_that_cannot_be_told_is_quarantined_and_its_neighbours_are_not() {
    let stack = Stack::open().await;
    let good = Deal::new();
    for id in ["", "0", "-1", "1.5", "abc", "9007199254740993", "123456789012345678901234567890", "１２３"]
    {
        let bad = Hook::won(Route::Traffic, Deal { account: good.account, ..Deal::new() }, 1_300_000_000);
        let name = unique();
        let bad = bad.with("[id]", id).with("[name]", &name);
        let deal = Deal { account: good.account, ..Deal::new() };
        let body = bad.and(&[Hook::won(Route::Traffic, deal, 1_300_000_000)]);
        let results = stack.hook(&body).await.results();
        let outcomes: Vec<&Value> = results.iter().map(|result| &result["outcome"]).collect();
        assert_eq!(outcomes, ["quarantined", "recorded"], "id {id:?}: {results:?}");
        assert_eq!(results[0]["lead_id"], Value::Null, "id {id:?}");
        assert!(!results[0]["problems"].as_array().unwrap().is_empty(), "id {id:?}");
    }
}

#[tokio::test]
async fn leads_of_accounts_that_cannot_be_told_are_each_kept() {
    let stack = Stack::open().await;
    // One and the same lead otherwise: ids repeat over accounts.
    let hook = Hook::won(Route::Traffic, Deal::new(), 1_300_000_000);
    for account in ["-5", "abc", "123456789012345678901234567890"] {
        let pairs = hook.pairs().iter().cloned();
        let pairs: Vec<(String, String)> = pairs
            .map(|(key, value)| if key == "account[id]" { (key, account.to_owned()) } else { (key, value) })
            .collect();
        let body = form::encode(&pairs);
        let result = stack.hook_body(Route::Traffic, body.clone()).await.result();
        assert_eq!(result["outcome"], "quarantined", "account {account}: {result}");
        assert!(events::is_kept(&body).await, "account {account}");
        assert_eq!(stack.hook_body(Route::Traffic, body).await.outcome(), "duplicate", "account {account}");
    }
    let stranger = [("leads[delete][0][id]", "7"), ("leads[delete][0][type]", "lead")];
    for _ in 0..2 {
        let subdomain = format!("s{}", e2e::hook::fresh_id());
        let body = stranger.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let body = [&body[..], &[("account[subdomain]".to_owned(), subdomain)]].concat();
        let result = stack.hook_body(Route::Traffic, form::encode(&body)).await.result();
        assert_eq!(result["outcome"], "quarantined", "{result}");
    }
}

#[tokio::test]
async fn numbers_out_of_their_range_are_problems_and_no_reason_to_refuse() {
    let stack = Stack::open().await;
    let huge = "9".repeat(40);
    for place in ["[price]", "[status_id]", "[old_status_id]", "[pipeline_id]", "[updated_at]"] {
        for value in ["-1", "1e400", "NaN", "0x10", " ", "9223372036854775808", &huge] {
            let hook = Hook::won(Route::Traffic, Deal::new(), 1_300_000_000).with(place, value);
            let answer = stack.hook(&hook).await;
            assert_eq!(answer.outcome(), "recorded", "{place} = {value:?}: {}", answer.shown());
        }
    }
    // What counts does not count wrong: a price out of range is no price.
    let deal = Deal::new();
    let hook = Hook::won(Route::Traffic, deal, 1_300_000_000).with("[price]", &huge);
    let result = stack.hook(&hook).await.result();
    assert_eq!(result["problems"].as_array().unwrap().len(), 1, "{result}");
    let sale = &stack.sale(&deal.sale("flagship")).await.ok()["sale"];
    assert_eq!((&sale["amount"]["amount"], &sale["amount_source"]), (&490_000.into(), &"list_price".into()));
}

#[tokio::test]
async fn a_time_in_the_future_or_before_amocrm_is_none() {
    let stack = Stack::open().await;
    let now = e2e::clock::now();
    let future = (now + chrono::TimeDelta::days(30)).timestamp();
    for at in [future, 0, -5, 100, i64::MAX] {
        let deal = Deal::new();
        let hook = Hook::won(Route::Funnel, deal, at);
        assert_eq!(stack.hook(&hook).await.outcome(), "recorded", "{at}");
        let sale = stack.sale(&deal.sale("express")).await.ok()["sale"].clone();
        let sold_at = chrono::DateTime::parse_from_rfc3339(sale["sold_at"].as_str().unwrap()).unwrap();
        assert!(
            (sold_at.to_utc() - now).num_minutes().abs() < 5,
            "{at}: sold on its arrival, not at {sold_at}"
        );
    }
}

#[tokio::test]
async fn broken_text_stays_text() {
    let stack = Stack::open().await;
    let hook = Hook::won(Route::Funnel, Deal::new(), 1_300_000_000);
    for broken in ["%", "%zz", "%4", "%FF%FE", "%C3%28", "%ED%A0%80", "%00", "%F0%9F%A6%81", "+%2B+"] {
        let deal = Deal::new();
        let mut body = hook.clone().about(deal).with("[name]", "PLACE").body();
        let place = body.windows(5).position(|window| window == b"PLACE").unwrap();
        body.splice(place..place + 5, broken.bytes());
        assert_eq!(stack.hook_body(Route::Funnel, body).await.outcome(), "recorded", "{broken}");
    }
    for raw in [&b"\xff\xfe\x00"[..], b"\xc3", b"\xed\xa0\x80", "имя".as_bytes()] {
        let deal = Deal::new();
        let mut body = hook.clone().about(deal).body();
        body.extend(b"&leads%5Bstatus%5D%5B0%5D%5Bnote%5D=");
        body.extend(raw);
        assert_eq!(stack.hook_body(Route::Funnel, body).await.outcome(), "recorded", "{raw:?}");
    }
}

#[tokio::test]
async fn bytes_at_random_are_answered_in_the_contracts_words() {
    let stack = Stack::open().await;
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..30 {
        let route = Route::ALL[round % 3];
        let mut body: Vec<u8> = (0..random.usize(1..5_000)).map(|_| random.u8(..)).collect();
        match round % 5 {
            0 => body.splice(0..0, *b"leads[status][0][id]=").for_each(drop),
            1 => body.splice(0..0, *b"{\"leads\":").for_each(drop),
            // A real hook with bytes changed here and there.
            2 => {
                body = Hook::won(route, Deal::new(), 1_300_000_000).stage(WON).body();
                for _ in 0..20 {
                    let place = random.usize(..body.len());
                    body[place] = random.u8(..);
                }
            }
            _ => {}
        }
        let answer = stack.hook_body(route, body).await;
        assert_named(&answer, &format!("seed {seed}, round {round}"));
    }
}

#[tokio::test]
async fn a_body_of_forty_leads_is_taken_in_whole() {
    let stack = Stack::open().await;
    let account = Deal::new().account;
    let deals: Vec<Deal> = (0..40).map(|_| Deal { account, ..Deal::new() }).collect();
    // A day for each, so that they do not meet at one counter.
    let hook = |(n, deal): (usize, &Deal)| {
        Hook::won(Route::Funnel, *deal, 1_300_000_000 + 86_400 * i64::try_from(n).unwrap())
    };
    let hooks: Vec<Hook> = deals.iter().enumerate().map(hook).collect();
    let results = stack.hook(&hooks[0].clone().and(&hooks[1..])).await.results();
    assert_eq!(results.len(), 40);
    for (result, deal) in results.iter().zip(&deals) {
        assert_eq!(result["lead_id"], deal.lead, "in the order of the body");
        assert!(result["outcome"] == "recorded" || result["outcome"] == "queued", "{result}");
        stack.until_sold(*deal, "express").await;
    }
}
