//! The tables that are read.

use crate::domain::event::Route;
use crate::domain::old::lead::{self, Origin};
use crate::domain::old::row::Row;
use crate::neighbours::supabase::{Answer, Failure, Filter, Overview, Supabase};

/// The rows of `landing_leads` that are career tests. Names of tables are case-sensitive, values are not.
const OF_PROFTEST: Filter<'static> = ("source", "ilike.proftest*");

/// A table, or a part of one, that is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Orders of the Express Course among `landing_leads`.
    Landing,
    /// Career tests among `landing_leads`.
    Proftest,
    /// `unified_lead_tracking`.
    Tripwire,
    /// `express_course_sales`.
    ExpressSales,
    /// `main_product_sales`.
    MainSales,
}

/// What its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Forms.
    Leads(Origin),
    /// Sales, of what this route kept.
    Sales(Route),
}

impl Table {
    /// The name of its statistics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::Proftest => "proftest",
            Self::Tripwire => "tripwire",
            Self::ExpressSales => "express_sales",
            Self::MainSales => "main_sales",
        }
    }

    /// What its database calls it.
    pub fn table(self) -> &'static str {
        match self {
            Self::Landing | Self::Proftest => "landing_leads",
            Self::Tripwire => "unified_lead_tracking",
            Self::ExpressSales => "express_course_sales",
            Self::MainSales => "main_product_sales",
        }
    }

    /// What its rows are.
    pub(super) fn rows(self) -> Holds {
        match self {
            Self::Landing | Self::Proftest => Holds::Leads(Origin::Landing),
            Self::Tripwire => Holds::Leads(Origin::Tripwire),
            Self::ExpressSales => Holds::Sales(Route::Funnel),
            Self::MainSales => Holds::Sales(Route::Traffic),
        }
    }

    /// The rows that its database is to leave out. Orders have no such filter: a source that is null fits no pattern, nor
    /// its opposite.
    pub(super) fn filter(self) -> Option<Filter<'static>> {
        (self == Self::Proftest).then_some(OF_PROFTEST)
    }

    /// Whether a row is of this part; its database may have been asked for more.
    pub(super) fn holds(self, row: &Row) -> bool {
        match self {
            Self::Landing => !lead::is_proftest(row),
            Self::Proftest => lead::is_proftest(row),
            Self::Tripwire | Self::ExpressSales | Self::MainSales => true,
        }
    }

    /// How many rows it has, and how new they are.
    pub(super) async fn overview(self, database: &Supabase) -> Answer<Overview> {
        let overview = database.overview(self.table(), self.filter()).await?;
        match self {
            Self::Landing => {
                let others = database.count(self.table(), Some(OF_PROFTEST)).await?;
                Ok::<_, Failure>(Overview { total: overview.total.saturating_sub(others), ..overview })
            }
            Self::Proftest | Self::Tripwire | Self::ExpressSales | Self::MainSales => Ok(overview),
        }
    }
}
