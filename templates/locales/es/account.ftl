## Contraseñas
password-short = Escriba una contraseña de 12 caracteres o más
password-long = Escriba una contraseña de 128 caracteres como máximo
password-personal = Esa contraseña contiene su usuario o nombres de este portal, que es lo primero que prueba un atacante. Use varias palabras que no tengan relación con usted ni con el portal.
password-common = Es una contraseña muy usada, o una o dos palabras corrientes. Use al menos cuatro palabras sin relación entre sí.
password-pattern = Esa contraseña es una secuencia, una fila del teclado o una repetición. Use varias palabras sin relación entre sí.
password-same = Es la contraseña que ya tiene. Elija otra.

## Mi cuenta
admin-account-title = Mi cuenta
admin-account-password-title = Contraseña
admin-account-password-lead = Al cambiarla se cierran sus otras sesiones.
admin-account-password-now = Contraseña actual
admin-account-password-new = Contraseña nueva
admin-account-password-change = Cambiar la contraseña
admin-account-password-changed = Se ha cambiado la contraseña y se han cerrado sus otras sesiones.
admin-account-password-weak = Su contraseña es fácil de adivinar: está en la lista de las más usadas o contiene nombres conocidos. Hoy no se aceptaría. Cámbiela.

## Segundo factor
second-factor-code = Código de seis cifras o código de recuperación
second-factor-code-hint = El código que muestra ahora su aplicación. Cada uno sirve una sola vez.
second-factor-first = Código de seis cifras
second-factor-first-hint = Las seis cifras que muestra la aplicación
second-factor-wrong = No se ha aceptado el código. Escriba el que su aplicación muestra ahora; si ya lo usó, espere al siguiente.
second-factor-wrong-first = Ese código no es de esta clave. Escriba el que la aplicación muestra ahora y compruebe la hora del teléfono.
admin-second-factor-title = Segundo factor
admin-second-factor-is-on = Activado
admin-second-factor-is-off = Desactivado
admin-second-factor-on-hint = Al iniciar sesión se le pide también un código de su aplicación.
admin-second-factor-off-hint = Quien averigüe su contraseña podrá entrar. Si además se pide un código de su teléfono, no podrá.
admin-second-factor-on = Activar el segundo factor
admin-second-factor-off = Desactivar el segundo factor
admin-second-factor-required = Este portal exige un segundo factor. Actívelo para poder usar las demás páginas.
admin-second-factor-lead = Necesita una aplicación de códigos en su teléfono, como Aegis, FreeOTP, Google Authenticator o la de su gestor de contraseñas.
admin-second-factor-scan-title = 1. Añada la clave a la aplicación
admin-second-factor-scan = Escanee este código con la aplicación:
admin-second-factor-qr = Código QR con la clave. La misma clave está escrita debajo.
admin-second-factor-type = O escriba la clave:
admin-second-factor-try-title = 2. Pruebe un código
admin-second-factor-now-on = Se ha activado el segundo factor y se han cerrado sus otras sesiones.
admin-second-factor-off-title = ¿Desactivar el segundo factor?
admin-second-factor-off-lead = Después bastará la contraseña para iniciar sesión. Los códigos de recuperación dejan de servir y sus otras sesiones se cierran.
admin-account-second-factor-off = Se ha desactivado el segundo factor y se han cerrado sus otras sesiones.

## Códigos de recuperación
admin-recovery-codes-title = Códigos de recuperación
admin-recovery-codes-lead = Si pierde el teléfono, cada uno de estos códigos sustituye una vez al de la aplicación.
admin-recovery-codes-once = Solo se muestran ahora. Imprímalos o guárdelos donde no esté su teléfono.
admin-recovery-codes-kept = Ya los he guardado
admin-recovery-codes-left = { $count ->
    [0] No le quedan códigos de recuperación.
    [one] Le queda { $count } código de recuperación.
   *[other] Le quedan { $count } códigos de recuperación.
  }
admin-recovery-codes-few = Cree otros antes de necesitarlos.
admin-recovery-codes-new = Crear códigos de recuperación nuevos
admin-recovery-codes-new-title = ¿Crear códigos de recuperación nuevos?
admin-recovery-codes-new-lead = Los anteriores dejan de servir, también los que no haya usado.

## Segundo paso del inicio de sesión
admin-code-title = Código de su aplicación
admin-code-lead = La contraseña de { $name } es correcta. Falta el segundo factor.
admin-code-lost = ¿No tiene el teléfono?
admin-code-lost-hint = Escriba uno de sus códigos de recuperación. Si tampoco los tiene, quien gestiona el portal puede quitar el segundo factor con la orden «rubrica admin reset --clear-second-factor».
admin-sign-in-over-title = Empiece de nuevo
admin-sign-in-over-what = La contraseña se escribió hace más de cinco minutos o en otro navegador, o la cuenta ha cambiado después. No ha iniciado sesión.
admin-sign-in-over-next = Vuelva a escribir su usuario y su contraseña.
