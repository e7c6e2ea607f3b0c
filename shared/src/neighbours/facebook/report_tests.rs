use super::*;

fn state(json: &str) -> Result<ReportState, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn a_report_is_done_when_it_says_so_and_is_whole() {
    let running = |percent| ReportState::Running { percent };
    for (status, percent, expected) in [
        ("Job Not Started", "0", running(0)),
        ("Job Started", "\"3\"", running(3)),
        ("Job Running", "99", running(99)),
        ("Job Running", "100", running(100)),
        ("Job Completed", "98", running(98)),
        ("Job Completed", "100", ReportState::Done),
        ("Job Completed", "\"100\"", ReportState::Done),
        ("Job Completed", "null", running(0)),
        ("Job Skipped", "0", ReportState::Skipped),
    ] {
        let json = format!(
            r#"{{"id":"6044000000000001","account_id":"1017000000000001","time_ref":1763600000,
                "time_completed":1763600062,"async_status":"{status}","async_percent_completion":{percent}}}"#
        );
        assert_eq!(state(&json).unwrap(), expected, "{status} {percent}");
    }
}

#[test]
fn a_state_nobody_knows_is_not_taken_for_a_wait() {
    for json in ["{}", r#"{"async_status":"Job Dreaming"}"#, r#"{"id":"6044000000000001"}"#, "[]", "true"] {
        assert!(state(json).is_err(), "{json}");
    }
}

#[test]
fn a_failed_report_says_why_and_what_to_do() {
    let failed = |codes: &str| {
        state(&format!(r#"{{"id":"6","async_status":"Job Failed","async_percent_completion":0{codes}}}"#))
            .unwrap()
    };
    for (codes, expected) in [
        (
            r#","error_code":-3,"error_subcode":1504045,"error_message":"…","error_user_title":"…""#,
            Class::Shrink,
        ),
        (r#","error_code":-2,"error_subcode":2490547"#, Class::ReportAgain),
        (r#","error_code":2601,"error_subcode":1815107"#, Class::ReportAgain),
        (r#","error_code":2"#, Class::ReportAgain),
        (r#","error_code":7777"#, Class::ReportAgain),
        (r#","error_code":1,"error_message":"Please reduce the amount of data""#, Class::Shrink),
        (r#","error_code":190,"error_subcode":463"#, Class::TokenDead),
        ("", Class::ReportAgain),
    ] {
        assert_eq!(failed(codes).class(), Some(expected), "{codes}");
    }
    let ReportState::Failed { said } =
        failed(r#","error_code":-3,"error_subcode":1504045,"error_user_msg":"Too big""#)
    else {
        panic!("it failed");
    };
    assert_eq!(said.to_string(), "code -3/1504045: Too big");
    assert_eq!(ReportState::Skipped.class(), Some(Class::ReportAgain));
    assert_eq!(ReportState::Done.class(), None);
    assert_eq!(ReportState::Running { percent: 1 }.class(), None);
}
