//! Whether amoCRM still sends us its hooks, by its own list of subscriptions.

use super::stop::Stop;
use super::sweep::Sweep;
use crate::domain::crm::sight::Subscription;
use crate::domain::crm::subscriptions::{HookFinding, findings, told};
use crate::domain::delivery::Told;

/// An account has a hundred at most.
const MOST_PAGES: u32 = 4;

/// What the subscriptions are found to be.
pub struct HookHealth {
    /// What they tell of.
    pub told: Told,
    /// What a person should look at; nothing where the list may not be read.
    pub findings: Option<Vec<HookFinding>>,
}

impl Sweep<'_> {
    /// Asks for the subscriptions. To be refused is no failure: it takes an administrator's token.
    pub async fn hook_health(&self) -> Result<HookHealth, Stop> {
        let mut subscriptions: Vec<Subscription> = vec![];
        for page in 1..=MOST_PAGES {
            match self.crm.read(async |amocrm| amocrm.subscriptions(page).await).await {
                Ok(found) => {
                    subscriptions.extend(found.items);
                    if !found.has_next {
                        break;
                    }
                }
                Err(Stop::Gone(said)) => {
                    tracing::warn!(
                        said,
                        "amoCRM does not show its subscriptions: the token is no administrator's"
                    );
                    return Ok(HookHealth { told: Told::UNKNOWN, findings: None });
                }
                Err(stop) => return Err(stop),
            }
        }
        let findings = findings(&subscriptions);
        for finding in &findings {
            tracing::warn!(
                route = finding.path,
                problem = finding.problem.as_str(),
                what_to_do = finding.what_to_do,
                "a hook of amoCRM is not well"
            );
        }
        Ok(HookHealth { told: told(&subscriptions), findings: Some(findings) })
    }
}
