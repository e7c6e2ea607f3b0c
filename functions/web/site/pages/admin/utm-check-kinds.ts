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
