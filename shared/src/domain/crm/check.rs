//! Whether the stages that are configured for payment methods are what they are meant to be.

use serde::{Deserialize, Serialize};

use super::account::Pipeline;
use super::payment::PaymentStages;
use crate::domain::lead::PaymentMethod;
use crate::domain::stage::{LOST, WON};

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whose stage it is; nothing where it is about the pipeline.
    pub payment_method: Option<PaymentMethod>,
    /// The stage.
    pub status_id: Option<u64>,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub what_to_do: String,
}

/// Compares what is configured with what the account has.
pub fn findings(configured: &PaymentStages, pipelines: &[Pipeline]) -> Vec<Finding> {
    let Some(pipeline) = pipelines.iter().find(|pipeline| pipeline.id == configured.pipeline_id) else {
        let instead = configured.pipeline(pipelines);
        let instead =
            instead.map_or("none".to_owned(), |pipeline| format!("{} \"{}\"", pipeline.id, pipeline.name));
        return vec![Finding {
            payment_method: None,
            status_id: None,
            problem: format!(
                "pipeline {} is not in the account; leads go to {instead}",
                configured.pipeline_id
            ),
            what_to_do: "Set pipeline_id in the settings, section payment_stages, to one of the account's."
                .to_owned(),
        }];
    };
    let of = |method: PaymentMethod| {
        let (problem, what_to_do) = match configured.stages.get(&method) {
            None => (
                "no stage is configured: the order moves no deal".to_owned(),
                format!("Set one in the settings, section payment_stages, for {}.", method.as_str()),
            ),
            Some(id) => problem(*id, pipeline)?,
        };
        let status_id = configured.stages.get(&method).copied();
        Some(Finding { payment_method: Some(method), status_id, problem, what_to_do })
    };
    PaymentMethod::ALL.into_iter().filter_map(of).collect()
}

fn problem(id: u64, pipeline: &Pipeline) -> Option<(String, String)> {
    let choose = || format!("Set one of these instead: {}.", usable(pipeline));
    match pipeline.stage(id) {
        None => Some((format!("stage {id} is not in pipeline {}: the deal is not moved", pipeline.id), choose())),
        Some(stage) if stage.is_incoming() => {
            Some((format!("stage {id} is the incoming one: no deal can be moved there"), choose()))
        }
        Some(_) if id == LOST => {
            Some(("143 is closed and lost in every pipeline: the order closes the deal as lost".to_owned(), choose()))
        }
        Some(_) if id == WON => Some((
            "142 is closed and won in every pipeline: the form alone counts as a sale, before anyone has paid".to_owned(),
            choose(),
        )),
        Some(_) => None,
    }
}

/// The stages that an order may well move a deal to, for a person to choose from.
fn usable(pipeline: &Pipeline) -> String {
    let usable =
        pipeline.stages.iter().filter(|stage| !stage.is_incoming() && !matches!(stage.id, WON | LOST));
    let named: Vec<String> = usable.map(|stage| format!("{} \"{}\"", stage.id, stage.name)).collect();
    if named.is_empty() { "a stage that has to be made first".to_owned() } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::crm::account::Stage;

    fn pipeline() -> Pipeline {
        let stages = [
            (1, "Неразобранное", 1),
            (20, "Новая", 0),
            (40, "Счёт", 0),
            (WON, "Оплачено", 0),
            (LOST, "Нет", 0),
        ];
        let stages = stages.map(|(id, name, kind)| Stage { id, name: name.to_owned(), sort: 0, kind });
        Pipeline { id: 10, name: "Integrator".to_owned(), is_main: true, stages: stages.into() }
    }

    fn found(pipeline_id: u64, stages: &[(PaymentMethod, u64)]) -> Vec<Finding> {
        let configured = PaymentStages { pipeline_id, stages: stages.iter().copied().collect() };
        findings(&configured, &[pipeline()])
    }

    #[test]
    fn the_defaults_are_found_out_with_what_to_set_instead() {
        let found = findings(&PaymentStages { pipeline_id: 10, ..PaymentStages::default() }, &[pipeline()]);
        let expected =
            [(PaymentMethod::Kaspi, WON), (PaymentMethod::Halyk, LOST), (PaymentMethod::Robokassa, 144)];
        for ((finding, (method, id)), says) in
            found.iter().zip(expected).zip(["counts as a sale", "as lost", "is not in pipeline 10"])
        {
            assert_eq!((finding.payment_method, finding.status_id), (Some(method), Some(id)));
            assert!(finding.problem.contains(says), "{}", finding.problem);
            assert_eq!(finding.what_to_do, "Set one of these instead: 20 \"Новая\", 40 \"Счёт\".");
        }
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn good_stages_give_no_findings_and_others_do() {
        let (kaspi, halyk, robokassa) =
            (PaymentMethod::Kaspi, PaymentMethod::Halyk, PaymentMethod::Robokassa);
        assert_eq!(found(10, &[(kaspi, 20), (halyk, 40), (robokassa, 40)]), []);
        let some = found(10, &[(kaspi, 1), (halyk, 40)]);
        let about: Vec<_> = some.iter().map(|finding| (finding.payment_method, finding.status_id)).collect();
        assert_eq!(about, [(Some(kaspi), Some(1)), (Some(robokassa), None)]);
        let elsewhere = found(11, &[(kaspi, 20)]);
        assert!(elsewhere.len() == 1 && elsewhere[0].problem.contains("leads go to 10 \"Integrator\""));
    }
}
