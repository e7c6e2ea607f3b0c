//! What adds up over ads, days, leads and sales, and the ratios that are shown of it.

use serde::Serialize;

use super::Gain;
use crate::domain::ad_spend::NoTenge;
use crate::domain::counters::Tally;
use crate::domain::lead::Form;
use crate::domain::money::{Tenge, ratio};
use crate::domain::product::Product;
use crate::domain::rates::convert;
use crate::domain::spend::{AccountDay, AdDay, Delivery};

/// What adds up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sums {
    delivery: Delivery,
    /// The ads' days that are in it, and the reach of the last.
    ad_days: u64,
    reach: Option<i64>,
    /// Whether something was spent that was turned into tenge, and something that was not.
    converted: bool,
    unconverted: bool,
    leads: i64,
    express: Tally,
    main: Tally,
}

impl Sums {
    pub(super) fn deliver(&mut self, day: &AccountDay, ad: &AdDay) {
        self.delivery.add(&Delivery::of(ad, day.currency, day.rate.as_ref()));
        self.ad_days += 1;
        self.reach = ad.reach;
        if ad.spend != 0 {
            let lacks_rate = is_unconverted(day, ad);
            self.unconverted |= lacks_rate;
            self.converted |= !lacks_rate;
        }
    }

    pub(super) fn gain(&mut self, gain: &Gain) {
        // The stage of the funnel: who orders the Express Course and pays is a sale.
        self.leads += gain.counted.leads.of(Form::Proftest);
        self.express.add(gain.counted.of(Product::Express).active);
        self.main.add(gain.counted.of(Product::Flagship).active);
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.delivery.add(&other.delivery);
        self.ad_days += other.ad_days;
        self.reach = other.reach.or(self.reach);
        self.converted |= other.converted;
        self.unconverted |= other.unconverted;
        self.leads += other.leads;
        self.express.add(other.express);
        self.main.add(other.main);
    }

    /// What was spent, in units of the currency of the rows.
    pub(super) fn spend(&self) -> i64 {
        self.delivery.spend
    }

    pub(super) fn leads(&self) -> i64 {
        self.leads
    }

    /// Sales of both products.
    pub(super) fn sales(&self) -> Tally {
        let mut sales = self.express;
        sales.add(self.main);
        sales
    }

    /// The figures of one row: a part of its spend in tenge is not its spend in tenge.
    pub(super) fn of_row(&self) -> Figures {
        self.figures((!self.unconverted).then_some(self.delivery.spend_kzt))
    }

    /// The figures of many: the tenge of what could be turned into them, as the funnel has it.
    pub(super) fn of_rows(&self) -> Figures {
        self.figures((self.converted || !self.unconverted).then_some(self.delivery.spend_kzt))
    }

    fn figures(&self, spend: Option<Tenge>) -> Figures {
        let Delivery { impressions, clicks, link_clicks, .. } = self.delivery;
        let sales = self.sales();
        let per = |count| ratio(spend?.0, count);
        // What came without spend cost nothing to get, which says nothing about what ads cost.
        let paid = spend.filter(|spend| spend.0 != 0);
        let cost_per = |count| ratio(paid?.0, count);
        let returned = |amount: Tenge| ratio(amount.0, paid?.0);
        Figures {
            spend_kzt: spend.map(|spend| spend.0),
            spend_kzt_reason: self.unconverted.then_some(NoTenge::NoRate),
            impressions,
            reach: self.reach.filter(|_| self.ad_days == 1),
            clicks,
            link_clicks,
            ctr: ratio(clicks, impressions),
            cpc: per(clicks),
            cpm: spend.and_then(|spend| ratio(spend.0.saturating_mul(1_000), impressions)),
            leads: self.leads,
            sales: sales.count,
            express_purchases: self.express.count,
            main_purchases: self.main.count,
            revenue_kzt: sales.sum.0,
            cpl: cost_per(self.leads),
            cpa: cost_per(sales.count),
            roas: returned(sales.sum),
            roi: paid.and_then(|paid| returned(sales.sum - paid)),
        }
    }
}

/// Whether an ad's spend has no tenge.
pub(super) fn is_unconverted(day: &AccountDay, ad: &AdDay) -> bool {
    ad.spend != 0 && day.rate.and_then(|rate| convert(ad.spend, day.currency, rate)).is_none()
}

/// The figures of a row or of all rows, as they are shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Spend in tenge, each ad and day rounded for itself; absent where there is no rate.
    pub spend_kzt: Option<i64>,
    /// Why spend in tenge is absent or not the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend_kzt_reason: Option<NoTenge>,
    /// How often ads were shown.
    pub impressions: i64,
    /// To how many people: of one ad on one day only, since people are reached twice.
    pub reach: Option<i64>,
    /// How often ads were clicked, wherever.
    pub clicks: i64,
    /// How often their links were clicked.
    pub link_clicks: i64,
    /// Clicks per impression.
    pub ctr: Option<f64>,
    /// Tenge per click.
    pub cpc: Option<f64>,
    /// Tenge per 1,000 impressions.
    pub cpm: Option<f64>,
    /// Leads of the career test.
    pub leads: i64,
    /// Sales of both products.
    pub sales: i64,
    /// Of Express Course.
    pub express_purchases: i64,
    /// Of the flagship.
    pub main_purchases: i64,
    /// What they cost.
    pub revenue_kzt: i64,
    /// Tenge per lead.
    pub cpl: Option<f64>,
    /// Tenge per sale.
    pub cpa: Option<f64>,
    /// Revenue per tenge spent.
    pub roas: Option<f64>,
    /// Profit per tenge spent.
    pub roi: Option<f64>,
}
