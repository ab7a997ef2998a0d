//! Function `baseline_cost`: what a deployment costs at the least.

use crate::arguments;
use crate::attributes;
use crate::kinds::function::{Extra, Function, Refused, at};
use crate::quilt::cost::{LEFT_OUT, MONTH, REGION, baseline};
use crate::tf::{Number, Value, known};

arguments! {
    /// What a Quilt deployment costs at the least, by the table of Quilt's documentation, with what that table leaves out.
    ///
    /// It is an estimate for `us-east-1` at list prices: of a search domain with three masters and two data nodes, the default database, and the services.
    /// It knows nothing of other sizes, of today's prices and of reservations.
    pub struct CostArguments {
        /// How many hours: 744, a month of 31 days, unless said.
        hours: Extra<i64>;
    }
}

attributes! {
    /// One row of the table.
    pub struct ServiceCost {
        /// The service.
        service: String = Computed;
        /// What it costs.
        cost: Number = Computed;
    }
}

attributes! {
    /// What some hours cost.
    pub struct CostTable {
        /// The region of the prices.
        region: String = Computed;
        /// `USD`.
        currency: String = Computed;
        /// How many hours.
        hours: i64 = Computed;
        /// One row for each service.
        services: Vec<ServiceCost> = Computed;
        /// All services together.
        total: Number = Computed;
        /// What comes on top, by use or because the table does not have it.
        left_out: Vec<String> = Computed;
    }
}

/// Function `baseline_cost`.
pub struct BaselineCostFunction;

impl Function for BaselineCostFunction {
    const NAME: &'static str = "baseline_cost";
    const RETURNS: &'static str = "The table for so many hours.";
    type Arguments = CostArguments;
    type Answer = CostTable;

    fn answer(CostArguments { hours: Extra(hours) }: CostArguments) -> Result<CostTable, Refused> {
        let hours = hours.unwrap_or(MONTH);
        let cost = baseline(hours).map_err(at("hours"))?;
        let row = |(service, cents): (&str, i64)| ServiceCost {
            service: known(service),
            cost: Number::of_cents(cents).into(),
        };
        Ok(CostTable {
            region: known(REGION),
            currency: known("USD"),
            hours: hours.into(),
            services: Value::Value(cost.services.into_iter().map(row).collect()),
            total: Number::of_cents(cost.total).into(),
            left_out: Value::Value(LEFT_OUT.map(String::from).into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::tests::{answered, refused};
    use crate::tf::Tree;

    #[test]
    fn the_documented_table() {
        let table = answered(&BaselineCostFunction, &[]);
        let rows = table["services"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{} {}", row["service"], row["cost"]));
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                r#""Elasticsearch Service" "516.83""#,
                r#""RDS" "75.56""#,
                r#""ECS (Fargate)" "26.64""#
            ]
        );
        assert_eq!((&table["total"], &table["hours"]), (&"619.03".into(), &744.into()));
        assert_eq!(table["left_out"].as_array().unwrap()[..3], ["Lambda", "CloudTrail", "Athena"]);
        assert_eq!(answered(&BaselineCostFunction, &[Tree::Null]), table);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(refused(&BaselineCostFunction, &[Tree::Number(Number::Int(0))]).0, Some(0));
    }
}
