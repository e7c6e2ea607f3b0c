//! The checks by their names.

use serde::{Serialize, Serializer};

/// What is checked. The first eight are called as in the old diagnostics, and stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Hooks of the Express Course.
    ExpressWebhook,
    /// Hooks of the flagship.
    FlagshipWebhook,
    /// Leads of the old Landing database.
    Landing,
    /// Leads of the old Tripwire database.
    Tripwire,
    /// Career tests of the old Landing database.
    Prooftest,
    /// Sales of the Express Course.
    ExpressSales,
    /// Sales of the flagship.
    FlagshipSales,
    /// Sales of anything.
    AllSales,
    /// amoCRM's sales against ours.
    Reconciliation,
    /// amoCRM's own list of where it sends hooks.
    Hooks,
    /// The stages that payment methods mean.
    Stages,
    /// The counters that dashboards add up.
    Counters,
    /// amoCRM itself, asked now.
    Crm,
    /// The neighbours' tokens.
    Tokens,
    /// What ads spend.
    Spend,
    /// The UTM tags of the ads that run.
    Utm,
    /// What spend is turned into tenge with.
    Rates,
    /// Messages between our own functions.
    Queues,
}

impl Check {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExpressWebhook => "Express Course Webhook",
            Self::FlagshipWebhook => "Flagship Course Webhook",
            Self::Landing => "Landing BD Sync",
            Self::Tripwire => "Tripwire BD Integration",
            Self::Prooftest => "ProofTest Integration",
            Self::ExpressSales => "Express Course Sales",
            Self::FlagshipSales => "Flagship Course Sales",
            Self::AllSales => "All Sales Tracking",
            Self::Reconciliation => "amoCRM Reconciliation",
            Self::Hooks => "amoCRM Webhook Subscriptions",
            Self::Stages => "Payment Stages",
            Self::Counters => "Funnel Counters",
            Self::Crm => "amoCRM API",
            Self::Tokens => "Tokens",
            Self::Spend => "Facebook Spend",
            Self::Utm => "UTM Check",
            Self::Rates => "Exchange Rates",
            Self::Queues => "Queues",
        }
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
