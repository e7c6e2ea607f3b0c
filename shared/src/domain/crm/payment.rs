//! Which stage a payment method means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account::{Pipeline, Stage};
use crate::domain::lead::PaymentMethod;

/// The section of the settings that holds it.
pub const SECTION: &str = "payment_stages";

/// The pipeline of the funnel, and the stage of each payment method in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentStages {
    /// The pipeline.
    pub pipeline_id: u64,
    /// The stages. A method without one moves no deal.
    pub stages: BTreeMap<PaymentMethod, u64>,
}

impl Default for PaymentStages {
    /// As the old system had them, though 143 is amoCRM's "lost": the check of the pipeline says so.
    fn default() -> Self {
        let stages =
            [(PaymentMethod::Kaspi, 142), (PaymentMethod::Halyk, 143), (PaymentMethod::Robokassa, 144)];
        Self { pipeline_id: 10_350_882, stages: stages.into() }
    }
}

impl PaymentStages {
    /// The pipeline that leads go to: the configured one, or where the account has none such its main one. A lead in the
    /// wrong pipeline can be moved by hand; one that waits cannot be called.
    pub fn pipeline<'a>(&self, pipelines: &'a [Pipeline]) -> Option<&'a Pipeline> {
        let configured = pipelines.iter().find(|pipeline| pipeline.id == self.pipeline_id);
        configured.or_else(|| pipelines.iter().find(|pipeline| pipeline.is_main)).or(pipelines.first())
    }

    /// The stage that a payment method means in a pipeline, or what is wrong with the one that is configured.
    pub fn stage<'a>(
        &self,
        method: PaymentMethod,
        pipeline: &'a Pipeline,
    ) -> Result<Option<&'a Stage>, String> {
        let Some(id) = self.stages.get(&method) else { return Ok(None) };
        let name = method.as_str();
        match pipeline.stage(*id) {
            Some(stage) if stage.is_incoming() => Err(format!(
                "stage {id}, configured for {name}, is the incoming one, and no deal can be moved there: {FIX}"
            )),
            Some(stage) => Ok(Some(stage)),
            None => {
                Err(format!("stage {id}, configured for {name}, is not in pipeline {}: {FIX}", pipeline.id))
            }
        }
    }
}

const FIX: &str = "set another one in the settings, section payment_stages";

#[cfg(test)]
mod tests {
    use super::*;

    pub fn pipeline(id: u64) -> Pipeline {
        let stage = |id, sort, kind| Stage { id, name: id.to_string(), sort, kind };
        let stages = vec![stage(1, 10, 1), stage(2, 20, 0), stage(142, 10_000, 0), stage(143, 11_000, 0)];
        Pipeline { id, name: id.to_string(), is_main: false, stages }
    }

    #[test]
    fn the_settings_read_as_they_are_documented() {
        let json = r#"{"pipeline_id":10350882,"stages":{"kaspi":142,"halyk":143,"robokassa":144}}"#;
        assert_eq!(serde_json::from_str::<PaymentStages>(json).unwrap(), PaymentStages::default());
        assert_eq!(serde_json::to_string(&PaymentStages::default()).unwrap(), json);
        let only_pipeline: PaymentStages = serde_json::from_str(r#"{"pipeline_id":7}"#).unwrap();
        assert_eq!(only_pipeline.stages, PaymentStages::default().stages);
    }

    #[test]
    fn a_stage_that_cannot_be_moved_into_says_what_to_do() {
        let stages = PaymentStages {
            stages: [(PaymentMethod::Kaspi, 2), (PaymentMethod::Halyk, 1), (PaymentMethod::Robokassa, 144)]
                .into(),
            ..PaymentStages::default()
        };
        let pipeline = pipeline(10_350_882);
        let of = |method| stages.stage(method, &pipeline);
        assert_eq!(of(PaymentMethod::Kaspi).unwrap().map(|stage| stage.id), Some(2));
        for (method, wrong) in
            [(PaymentMethod::Halyk, "the incoming one"), (PaymentMethod::Robokassa, "is not in pipeline")]
        {
            let problem = of(method).unwrap_err();
            assert!(problem.contains(wrong) && problem.ends_with(FIX), "{problem}");
        }
        let none = PaymentStages { stages: BTreeMap::new(), ..stages.clone() };
        assert_eq!(none.stage(PaymentMethod::Kaspi, &pipeline), Ok(None));
    }

    #[test]
    fn without_the_configured_pipeline_leads_go_to_the_main_one() {
        let stages = PaymentStages::default();
        let main = Pipeline { is_main: true, ..pipeline(2) };
        let id = |pipelines: &[Pipeline]| stages.pipeline(pipelines).map(|pipeline| pipeline.id);
        assert_eq!(id(&[pipeline(1), main.clone(), pipeline(10_350_882)]), Some(10_350_882));
        assert_eq!(id(&[pipeline(1), main]), Some(2));
        assert_eq!(id(&[pipeline(1)]), Some(1));
        assert_eq!(id(&[]), None);
    }
}
