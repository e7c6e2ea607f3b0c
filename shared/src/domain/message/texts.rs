//! The texts, with the defaults that the school begins with. What a person changes is the settings' section
//! `notifications`.

use serde::{Deserialize, Serialize};

/// The settings' section.
pub const SECTION: &str = "notifications";

/// All texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// To the school's chat, of a sale.
    pub telegram_sale: String,
    /// To who took the career test.
    pub sms_proftest: String,
    /// To who ordered the Express Course.
    pub sms_express: String,
    /// To who took the career test.
    pub email_proftest: Letter,
    /// To who ordered the Express Course.
    pub email_express: Letter,
}

/// The text of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            telegram_sale: "\
{emoji} *{team}*: новая продажа
{product}, *{amount}*
Название: {lead_name}
Кампания: {utm_campaign}
Время: {sold_at} (Алматы)
ID сделки: {deal_id}"
                .to_owned(),
            sms_proftest: "\
{name}, здравствуйте!
Спасибо за профтест! Результат уже готовим, консультант свяжется с вами."
                .to_owned(),
            sms_express: "\
{name}, здравствуйте!
Заявка на {product} принята, стоимость {amount}. Мы поможем с оплатой и доступом."
                .to_owned(),
            email_proftest: Letter {
                subject: "Ваш профтест".to_owned(),
                body: "\
Здравствуйте, {name}!

Спасибо, что прошли тест на профориентацию. Мы готовим ваш результат: консультант свяжется с вами, расскажет о нём и ответит на вопросы.

Если вы не оставляли заявку, просто не отвечайте на это письмо."
                    .to_owned(),
            },
            email_express: Letter {
                subject: "Заявка на {product} принята".to_owned(),
                body: "\
Здравствуйте, {name}!

Мы получили вашу заявку на {product}.
Стоимость: {amount}
Способ оплаты: {payment_method}

Если оплата не прошла или остались вопросы, консультант свяжется с вами и поможет.

Если вы не оставляли заявку, просто не отвечайте на это письмо."
                    .to_owned(),
            },
        }
    }
}
