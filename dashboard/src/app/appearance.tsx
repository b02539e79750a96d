import { Languages, Moon, Sun, SunMoon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/i18n.js';
import { THEMES, type Theme, useTheme } from '../theme/theme.js';
import { Choice } from '../ui/choice.js';

const NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };
const ICONS = { system: SunMoon, light: Sun, dark: Moon };

/** Language and theme. */
export function Appearance() {
  const { t, i18n } = useTranslation();
  const [theme, chooseTheme] = useTheme();
  return (
    <>
      <Choice
        label={t('app.language')}
        icon={Languages}
        value={i18n.language as Language}
        choices={LANGUAGES.map((value) => ({ value, label: NAMES[value], lang: value }))}
        onChoose={changeLanguage}
      />
      <Choice<Theme>
        label={t('app.theme')}
        icon={ICONS[theme]}
        value={theme}
        choices={THEMES.map((value) => ({ value, label: t(`app.themes.${value}`) }))}
        onChoose={chooseTheme}
      />
    </>
  );
}
