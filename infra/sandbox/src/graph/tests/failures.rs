//! Faults as a caller meets them, and what the record says afterwards.

use super::*;

#[tokio::test]
async fn every_preset_has_the_codes_of_the_real_one() {
    let facebook = Facebook::with(small()).await;
    let path = insights("11", "ad", "2026-11-18", "2026-11-19");
    for (fault, expected) in [
        (json!({"kind": "account_block", "seconds": 0}), (400, Some(17), Some(2_446_079))),
        (json!({"kind": "buc_block", "seconds": 0}), (400, Some(80_000), Some(2_446_079))),
        (
            json!({"kind": "buc_management_block", "edge": "insights", "seconds": 0}),
            (400, Some(80_004), Some(2_446_079)),
        ),
        (json!({"kind": "app_block"}), (400, Some(4), None)),
        (json!({"kind": "insights_block"}), (400, Some(4), Some(1_504_022))),
        (json!({"kind": "reduce_data"}), (500, Some(1), None)),
        (json!({"kind": "too_much_data_100"}), (400, Some(100), Some(1_487_534))),
        (json!({"kind": "timeout_100"}), (400, Some(100), Some(1_504_018))),
        (json!({"kind": "transient"}), (503, Some(2), None)),
        (json!({"kind": "unknown_1"}), (500, Some(1), None)),
        (json!({"kind": "bare_503"}), (503, None, None)),
        (json!({"kind": "ok_with_error"}), (200, Some(2), None)),
        (json!({"kind": "ok_plain_text"}), (200, None, None)),
        (json!({"kind": "html"}), (502, None, None)),
        (json!({"kind": "permission"}), (403, Some(200), None)),
        (json!({"kind": "permission_100_33"}), (400, Some(100), Some(33))),
        (json!({"kind": "expired"}), (400, Some(190), Some(463))),
        (json!({"kind": "version"}), (400, Some(2635), None)),
        (json!({"kind": "abuse"}), (400, Some(368), None)),
    ] {
        facebook.faults(json!([fault])).await;
        let got = facebook.get(&path).await;
        assert_eq!(got.codes(), expected, "{fault}");
        assert!(got.headers.contains_key("x-app-usage"), "{fault}");
        let seen = facebook.record().await["requests"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&seen["fault"], &seen["status"]), (&fault["kind"], &json!(expected.0)));
        assert_eq!(seen["code"], json!(expected.1), "{fault}");
    }
    facebook.control("DELETE", "faults", Value::Null).await;
    assert_eq!(facebook.get(&path).await.status, 200);
}

#[tokio::test]
async fn a_block_lasts_its_time_on_every_edge_and_is_told_in_its_own_unit() {
    let facebook = Facebook::with(small()).await;
    facebook.faults(json!([{"kind": "buc_block", "account_id": "11", "minutes": 3, "count": 1}])).await;
    let path = insights("11", "ad", "2026-11-18", "2026-11-19");
    let refused = facebook.get(&path).await;
    let usage = &refused.header("x-business-use-case-usage")["11"][0];
    assert_eq!((&usage["estimated_time_to_regain_access"], &usage["call_count"]), (&json!(3), &json!(100)));
    facebook.wait(179);
    assert_eq!(facebook.get("act_11/ads").await.codes(), (400, Some(80_000), Some(2_446_079)));
    assert_eq!(facebook.get("act_22/ads").await.status, 200);
    facebook.wait(1);
    assert_eq!(facebook.get(&path).await.status, 200);
    assert_eq!(facebook.record().await["while_blocked"], json!({"11": 1}));

    facebook.faults(json!([{"kind": "account_block", "seconds": 90, "count": 1}])).await;
    let refused = facebook.get("act_11").await;
    assert_eq!(refused.header("x-ad-account-usage")["reset_time_duration"], 90);
    facebook.control("DELETE", "faults", Value::Null).await;
    assert_eq!(facebook.get("act_11").await.status, 200, "without faults there are no blocks of theirs");
}

#[tokio::test]
async fn a_raw_answer_is_what_was_said() {
    let facebook = Facebook::with(small()).await;
    let fault = json!({
        "kind": "raw", "status": 418, "body": {"odd": 1}, "edge": "adaccounts",
        "headers": {"x-app-usage": "rubbish", "facebook-api-version": null, "retry-after": "7"},
    });
    facebook.faults(json!([fault])).await;
    let got = facebook.get("me/adaccounts").await;
    assert_eq!((got.status, &got.body), (418, &json!({"odd": 1})));
    assert_eq!(got.headers["x-app-usage"], "rubbish");
    assert_eq!(got.headers["retry-after"], "7");
    assert!(!got.headers.contains_key("facebook-api-version"));
    facebook.faults(json!([{"kind": "raw", "body": "just text"}])).await;
    assert_eq!(facebook.get("me").await.text, "just text");
}

#[tokio::test]
async fn reports_fail_are_skipped_are_slow_and_cannot_be_read() {
    let facebook = Facebook::with(small()).await;
    let path = insights("11", "ad", "2026-11-18", "2026-11-19");
    let start = async || facebook.post(&path).await.body["report_run_id"].as_str().unwrap().to_owned();
    facebook
        .faults(json!([{"kind": "report_failed", "count": 1}, {"kind": "report_skipped", "count": 1}]))
        .await;
    let (failed, skipped, good) = (start().await, start().await, start().await);
    let failed = facebook.get(&failed).await.body;
    assert_eq!(
        (&failed["async_status"], &failed["error_subcode"]),
        (&json!("Job Failed"), &json!(1_504_045))
    );
    assert_eq!(facebook.get(&skipped).await.body["async_status"], "Job Skipped");
    facebook.get(&good).await;
    assert_eq!(facebook.get(&good).await.body["async_percent_completion"], 100);

    facebook
        .faults(json!([{"kind": "report_slow", "polls": 3}, {"kind": "report_unreadable", "count": 1}]))
        .await;
    let slow = start().await;
    let mut running = 0;
    while facebook.get(&slow).await.body["async_percent_completion"] != 100 {
        running += 1;
    }
    assert_eq!(running, 3);
    assert_eq!(facebook.get(&format!("{slow}/insights")).await.codes(), (400, Some(2601), Some(1_815_107)));
    assert_eq!(facebook.get(&format!("{slow}/insights")).await.status, 200);
}

#[tokio::test]
async fn the_record_knows_the_window_and_the_page_of_a_call() {
    let facebook = Facebook::with(small()).await;
    facebook.get(&format!("{}&limit=7", insights("11", "ad", "2026-11-18", "2026-11-19"))).await;
    let record = facebook.record().await;
    let seen = &record["requests"][0];
    let expected = json!({
        "n": 1, "at": "2026-11-20T12:00:00.000Z", "method": "GET", "edge": "insights", "account_id": "11",
        "since": "2026-11-18", "until": "2026-11-19", "level": "ad", "limit": 7, "filtering": null, "after": false,
        "status": 200, "code": null, "subcode": null, "fault": null, "proof": "ok", "token_in": "header",
    });
    assert_eq!(*seen, expected);
    assert_eq!(record["totals"], json!([{"account_id": "11", "edge": "insights", "count": 1}]));
    assert_eq!(record["in_flight_max"], json!({"overall": 1, "accounts": {"11": 1}}));
    facebook.control("DELETE", "requests", Value::Null).await;
    assert_eq!(facebook.record().await["requests"], json!([]));
}
