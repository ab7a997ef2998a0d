//! The weather of a test's account.

use super::{Cloud, Forecast, Weather, launcher};

impl Cloud {
    /// Adds some weather; the first rule that fits and strikes is taken. The test's own calls go past it.
    pub fn weather(&self, weather: Weather) {
        self.change_forecast(|forecast| forecast.weather.push(weather));
    }

    /// Has something happen once behind Terraform's back, before the next call whose action this expression fits wholly.
    pub fn before(&self, actions: &str, happens: impl FnOnce(&Cloud) + Send + 'static) {
        let same = Cloud {
            account: self.account().into(),
            plan: Default::default(),
            forecast: Default::default(),
        };
        let before =
            launcher::proxy().happens_before(self.account(), actions, move || happens(&same));
        before.unwrap_or_else(|wrong| panic!("before {actions}: {wrong}"));
    }

    /// Draws the lots of `odds` from this seed.
    pub fn seed(&self, seed: u64) {
        self.change_forecast(|forecast| forecast.seed = seed);
    }

    /// Takes all weather away.
    pub fn clear_up(&self) {
        self.change_forecast(|forecast| *forecast = Forecast::default());
    }

    /// Exchanges all weather and the plan, for instance for what a file says.
    pub fn forecast(&self, wanted: Forecast) {
        self.change_plan(|plan| plan.clone_from(&wanted.plan));
        self.change_forecast(|forecast| *forecast = wanted);
    }

    fn change_forecast(&self, change: impl FnOnce(&mut Forecast)) {
        let mut forecast =
            self.forecast.lock().expect("no test panicked while it changed the weather");
        change(&mut forecast);
        launcher::proxy()
            .set(self.account(), &forecast)
            .unwrap_or_else(|wrong| panic!("the weather: {wrong}"));
    }
}
