//! Every sample body of `events/` is answered as its README says.

use std::collections::BTreeSet;

use e2e::golden::{self, Ids};
use e2e::{Answer, Route, Stack, events, form};

/// What a result has to be: outcome, then product and team of a sale, or the reason why there is none.
type Expected = (&'static str, &'static [&'static str]);

/// The sales webhook's samples that are answered 200.
const SALES: [Expected; 43] = [
    ("add-2024.form", &["ignored stage"]),
    ("won-2023.form", &["recorded other -"]),
    ("update-2021.form", &["ignored stage"]),
    ("status-2016.form", &["ignored stage"]),
    ("responsible-2016.form", &["ignored stage"]),
    ("delete-2016.form", &["ignored deleted"]),
    ("delete-with-stage.form", &["ignored deleted"]),
    ("restore-2016.form", &["ignored stage"]),
    ("add-bare-2022.form", &["ignored stage"]),
    ("update-chat-2023.form", &["ignored stage"]),
    ("update-stage-move-2023.form", &["ignored stage"]),
    ("update-nameless-2024.form", &["ignored stage"]),
    ("dp-status.form", &["ignored stage"]),
    ("dp-add.form", &["ignored stage"]),
    ("dp-widget-trigger.form", &["ignored stage"]),
    ("contacts-add-2026.form", &["ignored not_a_lead"]),
    ("unsorted-add-2023.form", &["ignored not_a_lead"]),
    ("unsorted-accept.form", &["ignored not_a_lead"]),
    ("message-add-2023.form", &["ignored not_a_lead"]),
    ("note.form", &["ignored not_a_lead"]),
    ("won-flagship.form", &["recorded flagship kenesary"]),
    ("flagship-cancelled.form", &["ignored lost"]),
    ("won-utm-codes.form", &["recorded flagship muha"]),
    ("won-utm-codes.jsonbody", &["recorded flagship muha"]),
    ("won-text-fields.form", &["recorded flagship arystan"]),
    ("won-utm-link.form", &["recorded flagship muha"]),
    ("won-no-utm.form", &["recorded flagship -"]),
    ("won-price-0.form", &["recorded other traf4"]),
    ("won-express-price.form", &["recorded express arystan"]),
    ("won-other-price.form", &["recorded other kenesary"]),
    ("won-discount.form", &["recorded other kenesary"]),
    ("lost.form", &["ignored lost"]),
    ("new-deal.form", &["ignored stage"]),
    ("update-utm-codes.form", &["ignored stage"]),
    ("several-leads.form", &["recorded flagship kenesary", "recorded express arystan", "ignored stage"]),
    ("several-actions.form", &["ignored stage", "recorded flagship muha", "ignored not_a_lead"]),
    ("index-gap.form", &["recorded flagship kenesary", "recorded express traf4", "ignored stage"]),
    ("broken-percent.form", &["recorded flagship kenesary"]),
    ("invalid-utf8.form", &["recorded flagship kenesary"]),
    ("negative-price.form", &["recorded other kenesary"]),
    ("huge-price.form", &["recorded other kenesary"]),
    ("no-id.form", &["quarantined"]),
    ("thirty-digit-id.form", &["quarantined"]),
];

/// The sales webhook's samples that hold nothing of amoCRM's.
const NOTHING: [&str; 3] = ["no-entity.form", "not-a-form.form", "empty.form"];

/// The product routes' samples; their names and `{product}` begin with the route's product.
const PRODUCT: [Expected; 17] = [
    ("won.form", &["recorded {product} kenesary"]),
    ("won.jsonbody", &["recorded {product} arystan"]),
    ("payment-stage.form", &["recorded {product} arystan"]),
    ("discount.form", &["recorded {product} arystan"]),
    ("text-fields.form", &["recorded {product} muha"]),
    ("lost.form", &["ignored lost"]),
    ("back-from-lost.form", &["recorded {product} muha"]),
    ("utm-link.form", &["recorded {product} traf4"]),
    ("delete.form", &["ignored deleted"]),
    ("utm-cyrillic.form", &["recorded {product} muha"]),
    ("no-utm.form", &["recorded {product} -"]),
    ("restore.form", &["recorded {product} -"]),
    ("add-price-0.form", &["recorded {product} -"]),
    ("update-utm-codes.form", &["recorded {product} kenesary"]),
    ("dp-status.form", &["recorded {product} -"]),
    ("dp-add.form", &["recorded {product} -"]),
    ("several-leads.form", &["recorded {product} kenesary", "recorded {product} arystan", "ignored lost"]),
];

/// Each result in the words of the tables above. Fails where a result lacks what it has to name.
fn results(answer: &Answer) -> Vec<String> {
    let describe = |result: &serde_json::Value| {
        let text = |name: &str| result[name].as_str().map(str::to_owned);
        let outcome = text("outcome").expect("an outcome");
        assert!(text("action").is_some(), "{result}");
        match (outcome.as_str(), text("reason")) {
            ("ignored", Some(reason)) if reason != "no_change" => {
                assert_eq!((text("sale_id"), text("team")), (None, None), "{result}");
                format!("ignored {reason}")
            }
            ("quarantined", reason) => {
                assert_eq!((text("sale_id"), reason), (None, None), "{result}");
                assert!(
                    result["problems"].as_array().is_some_and(|problems| !problems.is_empty()),
                    "{result}"
                );
                outcome
            }
            (_, reason) => {
                let id = text("sale_id").expect("the sale's id");
                let (deal, product) = id.rsplit_once('-').expect("an id of three parts");
                assert!(deal.ends_with(&format!("-{}", result["lead_id"])), "{result}");
                let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
                format!("{outcome} {product} {}{reason}", text("team").as_deref().unwrap_or("-"))
            }
        }
    };
    answer.results().iter().map(describe).collect()
}

async fn send(stack: &Stack, route: Route, name: &str, ids: &mut Ids) -> Answer {
    let sample = golden::read(route, name, ids);
    stack.hook_as(route, sample.content_type, sample.body).await
}

/// Sends samples one after the other, each ids of its own, and compares all answers at once.
async fn assert_answers(route: Route, expected: impl Iterator<Item = (String, Vec<String>)>) {
    let stack = Stack::open().await;
    let (mut wrong, mut seen) = (vec![], BTreeSet::new());
    for (name, expected) in expected {
        let answer = send(&stack, route, &name, &mut Ids::default()).await;
        let got = results(&answer);
        if got != expected {
            wrong.push(format!("{name}: {got:?} instead of {expected:?}"));
        }
        seen.insert(name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let unknown: Vec<String> = golden::names(route).into_iter().filter(|name| !seen.contains(name)).collect();
    let nothing = if route == Route::Sales { NOTHING.map(str::to_owned).to_vec() } else { vec![] };
    let nothing: BTreeSet<String> = nothing.into_iter().collect();
    assert_eq!(
        unknown.into_iter().collect::<BTreeSet<_>>(),
        nothing,
        "samples that no test expects anything of"
    );
}

#[tokio::test]
async fn the_sales_webhook_answers_every_sample_as_documented() {
    let expected = SALES.iter().map(|(name, results)| {
        ((*name).to_owned(), results.iter().map(|result| (*result).to_owned()).collect())
    });
    assert_answers(Route::Sales, expected).await;
}

#[tokio::test]
async fn the_product_routes_answer_every_sample_as_documented() {
    for route in [Route::Funnel, Route::Traffic] {
        let product = route.product();
        let expected = PRODUCT.iter().map(|(name, results)| {
            let results = results.iter().map(|result| result.replace("{product}", product));
            (format!("{product}-{name}"), results.collect())
        });
        assert_answers(route, expected).await;
    }
}

#[tokio::test]
async fn a_sample_without_any_entity_is_refused_and_kept() {
    let stack = Stack::open().await;
    for name in NOTHING {
        let sample = golden::read(Route::Sales, name, &mut Ids::default());
        let answer = stack.hook_as(Route::Sales, sample.content_type, sample.body.clone()).await;
        let body = answer.refused(400, "validation_error");
        assert_eq!(body["details"][0]["field"], "body", "{name}: {body}");
        let kept = events::kept(Route::Sales, &sample.body).await;
        assert!(!kept.is_empty(), "{name} was not kept");
        for kept in kept {
            assert_eq!((kept.outcome.as_str(), kept.problems.is_empty()), ("quarantined", false), "{name}");
        }
    }
}

#[tokio::test]
async fn samples_about_one_deal_follow_each_other_as_documented() {
    let stack = Stack::open().await;
    for route in [Route::Funnel, Route::Traffic] {
        for (first, then) in [
            (("text-fields", "recorded"), vec![("lost", "updated"), ("back-from-lost", "updated")]),
            (("payment-stage", "recorded"), vec![("discount", "updated")]),
            (("utm-link", "recorded"), vec![("delete", "updated")]),
            (("no-utm", "recorded"), vec![("restore", "ignored no_change")]),
            (("add-price-0", "recorded"), vec![("update-utm-codes", "updated")]),
        ] {
            let mut ids = Ids::default();
            for (name, expected) in std::iter::once(first).chain(then) {
                let name = format!("{}-{name}.form", route.product());
                let result = send(&stack, route, &name, &mut ids).await.result();
                let (outcome, reason) = expected.split_once(' ').unwrap_or((expected, ""));
                assert_eq!(result["outcome"], outcome, "{name}: {result}");
                assert_eq!(result["reason"].as_str().unwrap_or_default(), reason, "{name}: {result}");
            }
        }
    }
    let mut ids = Ids::default();
    let won = send(&stack, Route::Sales, "won-flagship.form", &mut ids).await;
    assert_eq!(won.outcome(), "recorded");
    let lost = send(&stack, Route::Sales, "flagship-cancelled.form", &mut ids).await.result();
    assert_eq!((&lost["outcome"], &lost["team"]), (&"updated".into(), &"kenesary".into()), "{lost}");
    let id = format!("29600001-{}-flagship", ids.of("30300001"));
    assert_eq!(lost["sale_id"], id);
    assert_eq!(stack.sale(&id).await.ok()["sale"]["state"], "cancelled");
}

#[tokio::test]
async fn every_encoding_of_a_hook_is_the_same_hook() {
    let stack = Stack::open().await;
    let hook = e2e::Hook::won(Route::Traffic, e2e::Deal::new(), 1_700_000_000).campaign("запуск +1 ~ ноябрь");
    let form_type = "application/x-www-form-urlencoded";
    let first = stack.hook(&hook).await;
    assert_eq!(results(&first), ["recorded flagship muha"]);
    let variants = [
        ("plain brackets", form_type, form::encode_plain_brackets(hook.pairs())),
        (
            "lower-case escapes",
            "application/x-www-form-urlencoded; charset=UTF-8",
            form::encode_lower_case(hook.pairs()),
        ),
        (
            "pairs in reverse",
            form_type,
            form::encode(&hook.pairs().iter().rev().cloned().collect::<Vec<_>>()),
        ),
        ("no content type that says so", "text/plain", hook.body()),
        ("JSON", "application/json", hook.json().to_string().into_bytes()),
        ("JSON with blanks", "application/json", format!("\n {:#} \n", hook.json()).into_bytes()),
    ];
    for (name, content_type, body) in variants {
        let answer = stack.hook_as(Route::Traffic, content_type, body).await;
        assert_eq!(results(&answer), ["duplicate flagship muha"], "{name}");
    }
}

#[tokio::test]
async fn a_price_that_cannot_be_read_gives_way_to_the_list_price() {
    let stack = Stack::open().await;
    for (route, name, amount, source) in [
        (Route::Sales, "negative-price.form", 0, "list_price"),
        (Route::Sales, "huge-price.form", 0, "list_price"),
        (Route::Sales, "won-price-0.form", 0, "list_price"),
        (Route::Sales, "won-discount.form", 450_000, "hook"),
        (Route::Sales, "won-2023.form", 1, "hook"),
        (Route::Funnel, "express-restore.form", 5_000, "list_price"),
        (Route::Traffic, "flagship-dp-status.form", 490_000, "list_price"),
        (Route::Traffic, "flagship-discount.form", 450_000, "hook"),
    ] {
        let result = send(&stack, route, name, &mut Ids::default()).await.result();
        let sale = &stack.sale(result["sale_id"].as_str().unwrap()).await.ok()["sale"];
        let expected = serde_json::json!({"amount": amount, "currency": "KZT"});
        assert_eq!((&sale["amount"], &sale["amount_source"]), (&expected, &source.into()), "{name}");
        assert_eq!(sale["verified"], false, "{name}");
    }
}
