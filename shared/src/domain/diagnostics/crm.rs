//! Whether amoCRM answers now, by what it said when it was asked for its account.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who};
use crate::domain::day::almaty_time;
use crate::domain::token_health::Trouble;

/// What amoCRM said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Which account it is.
    Account(u64),
    /// It refuses us, and will until a person does something.
    Refused(Trouble),
    /// The access token has ended, and can be renewed.
    Ended(String),
    /// Nothing, or nothing of use, for this reason.
    Silent(String),
    /// It was not asked: our other requests use up its limit.
    Busy,
    /// It was not asked: nobody has said where it is.
    NoAddress,
}

/// What it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrmFigures {
    account_id: Option<u64>,
    checked_at: String,
}

/// Checks what it said just now.
pub fn check(said: Said, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Crm;
    let account_id = if let Said::Account(id) = said { Some(id) } else { None };
    let figures = Figures::Crm(CrmFigures { account_id, checked_at: almaty_time(now) });
    match said {
        Said::Account(_) => Diagnostic::ok(name, "amoCRM answers", figures),
        Said::Refused(Trouble { problem, what_to_do, who }) => {
            Diagnostic::error(name, problem, figures, Advice::new(who, what_to_do))
        }
        Said::Silent(why) => {
            let wait = "Open amoCRM in a browser: where it is down for everybody nothing has to be done, and what is missed is read within ten minutes after.";
            let advice = Advice::new(Who::CrmAdmin, wait);
            Diagnostic::error(name, format!("amoCRM cannot be used: {why}"), figures, advice)
        }
        Said::Ended(why) => {
            let renew = "Nothing has to be done: whatever calls amoCRM next renews it; if it stays so for an hour, look at GET /api/admin/token-health.";
            let message = format!("amoCRM's access token has ended: {why}");
            Diagnostic::warning(name, message, figures, Advice::new(Who::Admin, renew))
        }
        Said::Busy => {
            let again = "Run the diagnostics again in a minute: amoCRM wants fewer requests, or all that it allows are in use.";
            let message = "amoCRM was not asked: our requests use up its limit";
            Diagnostic::warning(name, message, figures, Advice::new(Who::Admin, again))
        }
        Said::NoAddress => {
            let set = "Set the parameter AmocrmBaseUrl to the account's own address, https://<subdomain>.amocrm.ru.";
            let message = "amoCRM's address is not set";
            Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, set))
        }
    }
}
