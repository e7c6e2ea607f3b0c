//! The tables that are read.

use crate::domain::event::Route;
use crate::domain::old::lead::{self, Origin};
use crate::domain::old::row::Row;
use crate::neighbours::supabase::{Answer, Filter, Overview, Supabase};

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

/// What its database says of it before any page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// How many rows it has, and how new they are.
    pub(super) overview: Overview,
    /// How many of them have no time; nothing where that is not to be found out.
    pub(super) timeless: Option<u64>,
    /// Whether it keeps when a row was made.
    pub(super) has_times: bool,
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

    /// How it stands in its database. Rows without a time are asked for besides: to be refused that is no failure.
    pub(super) async fn standing(self, database: &Supabase) -> Answer<Standing> {
        match database.overview(self.table(), self.filter()).await {
            Ok(Overview { total, latest }) => {
                let others = async || database.count(self.table(), Some(OF_PROFTEST)).await;
                let total = self.without(total, others).await?;
                let timeless = self.timeless(database).await.unwrap_or_default();
                Ok(Standing { overview: Overview { total, latest }, timeless, has_times: true })
            }
            Err(failure) if failure.lacks("created_at") => {
                let all = database.count(self.table(), self.filter()).await?;
                let others = async || database.count(self.table(), Some(OF_PROFTEST)).await;
                let total = self.without(all, others).await?;
                Ok(Standing { overview: Overview { total, latest: None }, timeless: None, has_times: false })
            }
            Err(failure) => Err(failure),
        }
    }

    async fn timeless(self, database: &Supabase) -> Answer<Option<u64>> {
        let all = database.timeless(self.table(), self.filter()).await?;
        self.without(all, async || database.timeless(self.table(), Some(OF_PROFTEST)).await).await
    }

    /// What is left of a count of its rows without those that are another part's.
    async fn without(
        self,
        all: Option<u64>,
        others: impl AsyncFn() -> Answer<Option<u64>>,
    ) -> Answer<Option<u64>> {
        match (self, all) {
            (_, None | Some(0)) => Ok(all),
            (Self::Landing, Some(all)) => Ok(others().await?.map(|others| all.saturating_sub(others))),
            (Self::Proftest | Self::Tripwire | Self::ExpressSales | Self::MainSales, Some(_)) => Ok(all),
        }
    }
}
