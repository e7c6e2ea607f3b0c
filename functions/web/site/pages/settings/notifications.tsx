import { Card } from '~/parts/card';
import { useTexts, type Texts } from '~/view/language';
import { useDraft } from './draft';
import { MessageField, VARIABLES } from './message-field';
import { SaveBar } from './save-bar';
import { SectionForm } from './section-form';
import type { Notifications } from './section';

type Name = keyof Notifications;

interface Words {
  what: string;
  when: string;
  titles: Record<Name, string>;
  hints: Record<Name, string>;
  text: string;
  subject: string;
  body: string;
}

const TEXTS: Texts<Words> = {
  ru: {
    what: 'Слова в фигурных скобках заменяются данными. Строка, для которой данных нет, в сообщение не попадает. В Telegram *звёздочки* делают текст жирным.',
    when: 'Сообщения о продаже и о заявке уходят сразу. Сбои сообщаются вне тихих часов: они задаются в разделе «Оповещения».',
    titles: {
      telegram_sale: 'Telegram школы: новая продажа', sms_proftest: 'SMS после профтеста', sms_express: 'SMS после заявки на Express',
      email_proftest: 'Письмо после профтеста', email_express: 'Письмо после заявки на Express',
    },
    hints: {
      telegram_sale: 'Не длиннее 3500 знаков.', sms_proftest: 'Не длиннее 670 знаков: каждые 67 знаков кириллицей оплачиваются отдельно.',
      sms_express: 'Не длиннее 670 знаков: каждые 67 знаков кириллицей оплачиваются отдельно.',
      email_proftest: 'Не длиннее 20 000 знаков.', email_express: 'Не длиннее 20 000 знаков.',
    },
    text: 'Текст', subject: 'Тема, одна строка до 200 знаков', body: 'Текст письма',
  },
  en: {
    what: 'Words in braces are replaced by what is known. A line whose words are not known is left out. In Telegram *stars* make bold.',
    when: 'Messages about a sale or a form go out at once. What fell off is told outside quiet hours: see “Alerts”.',
    titles: {
      telegram_sale: 'The school’s Telegram: a new sale', sms_proftest: 'SMS after the career test', sms_express: 'SMS after an order of Express',
      email_proftest: 'Letter after the career test', email_express: 'Letter after an order of Express',
    },
    hints: {
      telegram_sale: '3500 characters at most.', sms_proftest: '670 characters at most: every 67 in Cyrillic cost once more.',
      sms_express: '670 characters at most: every 67 in Cyrillic cost once more.',
      email_proftest: '20 000 characters at most.', email_express: '20 000 characters at most.',
    },
    text: 'Text', subject: 'Subject, one line of 200 characters at most', body: 'Text of the letter',
  },
};

const MESSAGES = ['telegram_sale', 'sms_proftest', 'sms_express'] as const;
const LETTERS = ['email_proftest', 'email_express'] as const;

export function NotificationsTab() {
  const texts = useTexts(TEXTS);
  const draft = useDraft('notifications');
  const nameOf = (field: string) => texts.titles[field.split('.')[0] as Name] ?? field;
  return (
    <div className="stack">
      <p className="quiet">{texts.what} {texts.when}</p>
      <SectionForm draft={draft} height={1200}>
        {(value, change) => (
          <div className="messages">
            {MESSAGES.map((name) => (
              <Card key={name} title={texts.titles[name]}>
                <MessageField
                  path={name} label={texts.text} hint={texts.hints[name]} variables={name === 'telegram_sale' ? VARIABLES.sale : VARIABLES.lead}
                  value={value[name]} onChange={(text) => change({ [name]: text })}
                />
              </Card>
            ))}
            {LETTERS.map((name) => (
              <Card key={name} title={texts.titles[name]}>
                <MessageField
                  path={`${name}.subject`} label={texts.subject} variables={[]} lines={1} value={value[name].subject}
                  onChange={(subject) => change({ [name]: { ...value[name], subject } })}
                />
                <MessageField
                  path={`${name}.body`} label={texts.body} hint={texts.hints[name]} variables={VARIABLES.lead} lines={10}
                  value={value[name].body} onChange={(body) => change({ [name]: { ...value[name], body } })}
                />
              </Card>
            ))}
          </div>
        )}
      </SectionForm>
      <SaveBar drafts={[draft]} nameOfPiece={(_, name) => nameOf(name)} nameOfField={nameOf} />
    </div>
  );
}
