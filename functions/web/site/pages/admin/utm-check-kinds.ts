// The mistakes in UTM tags, in words.

import type { Schemas } from '~/api/client';
import type { Texts } from '~/view/language';

type Kind = Schemas['UtmFindingKind'];

export const KINDS: readonly Kind[] = ['missing', 'misspelt', 'doubled', 'no_team', 'other_team'];

export const KIND_NAMES: Texts<Record<Kind, string>> = {
  ru: {
    missing: 'Нет меток', misspelt: 'Опечатка', doubled: 'Метка дважды', no_team: 'Метки ничьи', other_team: 'Метки другой команды',
  },
  en: { missing: 'No tags', misspelt: 'Misspelt', doubled: 'A tag twice', no_team: "Nobody's tags", other_team: "Another team's tags" },
};

/** What a mistake means and what mends it; which tag it is stands in the words of the API. */
export const KIND_ADVICE: Texts<Record<Kind, string>> = {
  ru: {
    missing: 'У объявления нет меток, его продажи никому не достанутся. Добавьте метки в параметры URL объявления.',
    misspelt: 'Метка написана с ошибкой, и её никто не прочитает. Исправьте название метки или знак перед ней.',
    doubled: 'Одна метка стоит дважды с разными значениями. Оставьте одну: в ссылке или в параметрах URL.',
    no_team: 'По этим меткам не узнать команду. Добавьте слово команды в название кампании или в utm_campaign, либо метку со значением {{ad.id}}.',
    other_team: 'Расход у одной команды, а продажи уйдут другой. Исправьте метки или команду рекламного аккаунта в настройках.',
  },
  en: {
    missing: 'The ad has no tags, so its sales will be nobody’s. Add tags to the URL parameters of the ad.',
    misspelt: 'A tag is misspelt, and nothing reads it. Correct its name or the sign before it.',
    doubled: 'One tag stands there twice with different values. Keep one: in the link or in the URL parameters.',
    no_team: 'These tags name no team. Put a word of the team into the name of the campaign or into utm_campaign, or add a tag with {{ad.id}}.',
    other_team: 'One team pays, and another gets the sales. Correct the tags, or the team of the ad account in the settings.',
  },
};
