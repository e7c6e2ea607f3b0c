use serde_json::{Value, json};

use super::*;

#[test]
fn a_hook_is_a_products_own_by_its_address() {
    let deal = |routes: &[(&str, &str)]| -> Deal {
        let entry = |(place, (route, origin)): (usize, &(&str, &str))| {
            json!({
                "id": place.to_string(), "route": route, "origin": origin, "action": "status", "stage": 142, "old_stage": null,
                "pipeline": 1, "price": null, "at": "2026-11-20T05:00:00Z", "received_at": "2026-11-20T05:00:00Z",
            })
        };
        let history: Vec<Value> = routes.iter().enumerate().map(entry).collect();
        let deal = json!({
            "account": 1, "lead": 2, "version": 1, "history": history, "readings": [], "sales": [], "versions": [],
        });
        serde_json::from_value(deal).unwrap()
    };
    for (routes, express, flagship) in [
        (vec![("sales", "hook")], Told::OtherHook, Told::OtherHook),
        (vec![("sales", "hook"), ("traffic", "hook")], Told::OtherHook, Told::Hook),
        (vec![("funnel", "hook")], Told::Hook, Told::OtherHook),
        (vec![("traffic", "history"), ("sales", "read")], Told::Reading, Told::Reading),
    ] {
        let deal = deal(&routes);
        let of = |product| DealFacts::of(&deal, product).told;
        assert_eq!((of(Product::Express), of(Product::Flagship)), (express, flagship), "{routes:?}");
    }
}
