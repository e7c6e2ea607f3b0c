use super::*;

const TEAMS: [Option<&str>; 3] = [Some("muha"), None, Some("muha")];

/// Three accounts, two of one team; each has four days and campaigns of its own; ads and values often meet.
fn some_world() -> impl Strategy<Value = World> {
    let ads = prop::collection::vec((0_usize..3, 0_u64..4, 0_usize..3, 0_i64..10_000), 0..24);
    let gains =
        prop::collection::vec((0_usize..3, 0_u64..4, 0_usize..7, 0_i64..3, 0_i64..2, 0_i64..4), 0..24);
    let rates = prop::collection::vec(prop::option::of(1_u32..1_000), 12);
    (ads, gains, rates).prop_map(|(ads, gains, rates)| {
        let of_account = |n: usize| [format!("{n}11"), format!("{n}12"), format!("{n}21")];
        let mut days = vec![];
        for n in 0..3 {
            for after in 0..4 {
                let rate = rates[n * 4 + after].map(|rate| format!("{rate}.37"));
                let on = november().from.plus(after as u64).to_string();
                days.push((account_day(&format!("9{n}"), &on, "USD", rate.as_deref()), vec![]));
            }
        }
        for (n, after, ad, spend) in ads {
            let (_, rows): &mut (AccountDay, Vec<AdDay>) = &mut days[n * 4 + after as usize];
            let id = &of_account(n)[ad];
            if rows.iter().all(|row| row.ad_id != *id) {
                rows.push(ad_day(id, spend));
            }
        }
        let gained = |(n, after, what, express, main, leads): (usize, u64, usize, i64, i64, i64)| {
            let name = format!("campaign {n}");
            let id = format!("{n}12");
            let values: &[(UtmName, &str)] = match what {
                0 => &[(UtmName::Content, &id)],
                1 => &[(UtmName::Campaign, &name)],
                2 => &[(UtmName::Campaign, &name), (UtmName::Term, "set 021")],
                3 => &[(UtmName::Source, "act_90")],
                4 => &[(UtmName::Content, "ad 211")],
                5 => &[(UtmName::Source, "elsewhere")],
                _ => &[],
            };
            let on = november().from.plus(after).to_string();
            with_leads(gain(TEAMS[n], &on, values, express, main), leads)
        };
        World {
            accounts: (0..3).map(|n| account(&format!("9{n}"), TEAMS[n])).collect(),
            objects: (0..3)
                .flat_map(|n| {
                    let ads = of_account(n);
                    objects(&format!("9{n}"), &ads.each_ref().map(String::as_str))
                })
                .collect(),
            days,
            gains: gains.into_iter().map(gained).collect(),
        }
    })
}

const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::Adset, Level::Ad];

/// Spend, impressions, clicks, leads, sales, revenue.
fn sum<'a>(rows: impl IntoIterator<Item = &'a Row>) -> [i64; 6] {
    let mut sum = [0; 6];
    for row in rows {
        let f = &row.figures;
        let of_row = [row.spend.unwrap().amount, f.impressions, f.clicks, f.leads, f.sales, f.revenue_kzt];
        sum.iter_mut().zip(of_row).for_each(|(sum, of_row)| *sum += of_row);
    }
    sum
}

proptest! {
    #[test]
    fn rows_and_what_is_unmatched_come_to_the_same_at_every_level(world in some_world()) {
        let mut delivered = Delivery::default();
        for (day, ads) in &world.days {
            ads.iter().for_each(|ad| delivered.add(&Delivery::of(ad, day.currency, day.rate.as_ref())));
        }
        let mut gained = [0_i64; 3];
        for gain in &world.gains {
            let sales = [Product::Express, Product::Flagship].map(|product| gain.counted.of(product).active);
            gained[0] += gain.counted.leads.proftest;
            sales.iter().for_each(|tally| gained[1] += tally.count);
            sales.iter().for_each(|tally| gained[2] += tally.sum.0);
        }
        for (level, granularity) in LEVELS.into_iter().flat_map(|level| {
            [(level, Granularity::Period), (level, Granularity::Day)]
        }) {
            let table = world.table(&ask(level, granularity));
            let rows = sum(&table.rows);
            prop_assert_eq!(rows[..3].to_vec(), vec![delivered.spend, delivered.impressions, delivered.clicks]);
            let Unmatched { leads, sales, revenue_kzt } = table.unmatched;
            prop_assert_eq!([rows[3] + leads, rows[4] + sales, rows[5] + revenue_kzt], gained);
            let totals = &table.totals.figures;
            prop_assert_eq!(totals.spend_kzt.unwrap_or(0), delivered.spend_kzt.0);
            prop_assert_eq!(
                [totals.impressions, totals.clicks, totals.leads, totals.sales, totals.revenue_kzt].to_vec(),
                rows[1..].to_vec()
            );
            let unconverted: i64 = table.unconverted.iter().map(|left| left.amount).sum();
            prop_assert_eq!(unconverted > 0, totals.spend_kzt_reason.is_some());
        }
    }

    #[test]
    fn rows_come_in_their_order_and_each_has_its_own_place(world in some_world()) {
        for level in LEVELS {
            let places: Vec<Place> =
                world.table(&ask(level, Granularity::Day)).rows.iter().map(Row::place).collect();
            prop_assert!(places.is_sorted_by(|one, next| one < next));
        }
    }

    #[test]
    fn a_team_sees_the_rows_that_everyone_sees(world in some_world()) {
        let whole = world.table(&ask(Level::Ad, Granularity::Period));
        let is_team = |owner: &Owner| owner.team().is_some();
        let own = World {
            accounts: world.accounts.iter().filter(|account| is_team(&account.owner)).cloned().collect(),
            objects: world.objects.iter().filter(|object| object.account_id != account_id("91")).cloned().collect(),
            days: world.days.iter().filter(|(day, _)| day.account_id != account_id("91")).cloned().collect(),
            gains: world.gains.iter().filter(|gain| is_team(&gain.owner)).cloned().collect(),
        };
        let expected: Vec<Row> = whole.rows.into_iter().filter(|row| row.team.is_some()).collect();
        prop_assert_eq!(own.table(&ask(Level::Ad, Granularity::Period)).rows, expected);
    }

    #[test]
    fn no_figure_is_beyond_numbers(world in some_world()) {
        let table = world.table(&ask(Level::Campaign, Granularity::Period));
        for f in table.rows.iter().map(|row| &row.figures).chain([&table.totals.figures]) {
            for shown in [f.ctr, f.cpc, f.cpm, f.cpl, f.cpa, f.roas, f.roi].into_iter().flatten() {
                prop_assert!(shown.is_finite());
            }
            let lacks_spend = f.spend_kzt.is_none_or(|spend| spend == 0);
            prop_assert!(!lacks_spend || [f.cpl, f.cpa, f.roas, f.roi] == [None; 4]);
        }
    }
}
